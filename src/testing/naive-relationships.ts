import { at, list, reference } from './naive-content.ts';
import { type NaiveSettings, type Relation, relationsOf, type StoredResource } from './naive-relations-of.ts';

/** Who stands in which relationship to whom, computed from all that is stored, as plainly as can be. */
export function naiveGrants(
  resources: readonly StoredResource[],
  settings: NaiveSettings,
  now: number,
): Map<string, string> {
  const byName = new Map(resources.map((resource) => [`${resource.type}/${resource.id}`, resource]));
  const contentOf = (name: string): unknown => byName.get(name)?.content;
  const behind = (party: string, depth = 0): string[] => {
    const [type = ''] = party.split('/');
    if (!['PractitionerRole', 'Location', 'HealthcareService', 'CareTeam'].includes(type)) return [party];
    const content = contentOf(party);
    if (content === undefined || depth > 2 || (type === 'CareTeam' && at(content, 'status') !== 'active')) return [];
    const next = {
      PractitionerRole: [at(content, 'practitioner')],
      Location: [at(content, 'managingOrganization')],
      HealthcareService: [at(content, 'providedBy')],
      CareTeam: [
        ...list(at(content, 'managingOrganization')),
        ...list(at(content, 'participant')).map((one) => at(one, 'member')),
      ],
    }[type];
    return (next ?? []).flatMap((one) => {
      const name = reference(one);
      return name === undefined ? [] : behind(name, depth + 1);
    });
  };
  const grants = new Map<string, Relation & { ridOfParty: number; ridOfPatient: number; source: number }>();
  for (const source of resources) {
    if (source.content === undefined) continue;
    for (const named of relationsOf(source, settings, contentOf)) {
      if (!(named.high > now) || !(named.low < named.high)) continue;
      for (const party of behind(named.party)) {
        const ridOfParty = party === 'everyone' ? 0 : byName.get(party)?.rid;
        const ridOfPatient = byName.get(named.patient)?.rid;
        if (ridOfParty === undefined || ridOfPatient === undefined || !isParty(party)) continue;
        const key = `${ridOfParty}:${named.kind}:${ridOfPatient}:${source.rid}`;
        const known = grants.get(key);
        grants.set(key, { ...(known ? joined(known, named) : named), ridOfParty, ridOfPatient, source: source.rid });
      }
    }
  }
  return new Map([...grants].filter(([, { low, high }]) => low < high).map(([key, grant]) => [key, printed(grant)]));
}

const isParty = (party: string): boolean =>
  party === 'everyone' || ['Practitioner', 'Organization', 'Patient', 'Device'].includes(party.split('/')[0] ?? '');

export const printed = ({ low, high, data }: Pick<Relation, 'low' | 'high' | 'data'>): string =>
  `${low}..${high}${data ? ` of ${data[0]}..${data[1]}` : ''}`;

function joined(one: Relation, other: Relation): Relation {
  const isPermission = one.kind >= 64 && one.kind < 128;
  const [low, high] = isPermission ? [Math.max, Math.min] : [Math.min, Math.max];
  const data = (): readonly [number, number] | undefined => {
    if (one.data && other.data) return [low(one.data[0], other.data[0]), high(one.data[1], other.data[1])];
    return isPermission ? (one.data ?? other.data) : undefined;
  };
  const period = data();
  const { data: _, ...rest } = one;
  return {
    ...rest,
    low: low(one.low, other.low),
    high: high(one.high, other.high),
    ...(period && { data: period }),
  };
}
