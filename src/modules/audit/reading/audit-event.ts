import { instantOf } from '#fhir/store/index.ts';
import { parseAgent, parseEntities } from '../event.ts';
import type { ReadEvent } from './queries.ts';

const restful = new Set([
  'read',
  'vread',
  'create',
  'update',
  'patch',
  'delete',
  'search-type',
  'history-instance',
  'history-type',
  'history-system',
  'search-system',
  'transaction',
  'batch',
  'capabilities',
]);

const eventType = 'http://terminology.hl7.org/CodeSystem/audit-event-type';
const own = 'http://meridian.health/fhir/CodeSystem/audit-interaction';
const dicom = 'http://dicom.nema.org/resources/ontology/DCM';
const participation = 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType';
const actReason = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const entityType = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
const objectRole = 'http://terminology.hl7.org/CodeSystem/object-role';

const concept = (system: string, code: string, display?: string) => ({
  coding: [{ system, code, ...(display && { display }) }],
});

/** Prints an AuditEvent in the shape of IHE BALP. https://profiles.ihe.net/ITI/BALP/ */
export function printAuditEvent(event: ReadEvent): string {
  const { number, at, action, outcome, interaction, detail, agent } = event;
  const resource = {
    resourceType: 'AuditEvent',
    id: String(number),
    ...typeOf(interaction),
    action,
    recorded: instantOf(at),
    outcome,
    ...(outcome !== '0' && detail && { outcomeDesc: detail }),
    ...agentsOf(agent),
    source: {
      observer: { display: 'Meridian' },
      type: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/security-source-type',
          code: '4',
          display: 'Application Server',
        },
      ],
    },
    ...entitiesOf(event),
  };
  return JSON.stringify(resource);
}

function typeOf(interaction: string) {
  if (restful.has(interaction)) {
    return {
      type: { system: eventType, code: 'rest', display: 'RESTful Operation' },
      subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: interaction }],
    };
  }
  if (interaction.startsWith('$')) {
    return {
      type: { system: eventType, code: 'rest', display: 'RESTful Operation' },
      subtype: [
        { system: 'http://hl7.org/fhir/restful-interaction', code: 'operation' },
        { system: own, code: interaction },
      ],
    };
  }
  return { type: { system: own, code: interaction.replaceAll(' ', '-') } };
}

function agentsOf(content: string | undefined) {
  if (content === undefined)
    return { agent: [{ who: { display: 'Unknown: the entry was removed' }, requestor: true }] };
  const { reference, display, role, organization, purpose, client, address } = parseAgent(content);
  const isResource = /^[A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.test(reference);
  return {
    purposeOfEvent: [concept(actReason, purpose)],
    agent: [
      {
        type: concept(participation, 'IRCP', 'information recipient'),
        role: [{ coding: [{ system: 'http://meridian.health/fhir/CodeSystem/role', code: role }] }],
        who: isResource ? { reference, display } : { identifier: { value: reference }, display },
        requestor: true,
        ...(address && { network: { address, type: '2' } }),
      },
      ...(organization
        ? [{ type: concept(participation, 'CST', 'custodian'), who: { reference: organization }, requestor: false }]
        : []),
      ...(client
        ? [{ type: concept(dicom, '110150', 'Application'), who: { identifier: { value: client } }, requestor: false }]
        : []),
    ],
  };
}

function entitiesOf({ entities, patients, outcome, detail }: ReadEvent) {
  const ids = patients === '' ? [] : patients.split(' ');
  const entity = [
    ...ids.map((id) => ({
      what: { reference: `Patient/${id}` },
      type: { system: entityType, code: '1', display: 'Person' },
      role: { system: objectRole, code: '1', display: 'Patient' },
    })),
    ...parseEntities(entities)
      .filter(({ type }) => type !== 'Patient')
      .map(({ type, id, version }) => ({
        what: { reference: version === undefined ? `${type}/${id}` : `${type}/${id}/_history/${version}` },
        type: { system: entityType, code: '2', display: 'System Object' },
        role: { system: objectRole, code: '4', display: 'Domain Resource' },
      })),
    ...(outcome === '0' && detail
      ? [
          {
            type: { system: entityType, code: '2', display: 'System Object' },
            role: { system: objectRole, code: '24', display: 'Query' },
            query: Buffer.from(detail).toString('base64'),
          },
        ]
      : []),
  ];
  return entity.length > 0 ? { entity } : {};
}
