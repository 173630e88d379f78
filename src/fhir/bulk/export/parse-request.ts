import { Failure } from '#lib/failure.ts';
import { isResourceType, resourceTypes } from '../../definitions/index.ts';
import { searchDateBounds } from '../../indexing/index.ts';
import type { OperationInput } from '../../rest/operation-input.ts';
import { patientTypes } from './compartment.ts';
import type { ExportRequest } from './export-request.ts';

export interface Asked {
  level: ExportRequest['level'];
  groupId?: string | undefined;
  input: OperationInput;
  /** Prefer: handling=lenient: what is not supported is left out and reported, instead of refused. */
  isLenient: boolean;
}

const formats = new Set(['application/fhir+ndjson', 'application/ndjson', 'ndjson']);

const known = new Set([
  '_outputFormat',
  '_since',
  '_until',
  '_type',
  '_typeFilter',
  '_elements',
  'patient',
  '_format',
  '_pretty',
]);

/** Reads what is to be exported. https://hl7.org/fhir/uv/bulkdata/STU2/export.html#query-parameters */
export function parseExportRequest({ level, groupId, input, isLenient }: Asked): ExportRequest {
  const notes: string[] = [];
  const leaveOut = (reason: string) => {
    if (!isLenient) throw new Failure('value', `${reason} Leave it out, or send Prefer: handling=lenient.`);
    notes.push(`${reason} It was left out.`);
  };
  refuseUnknown(input, leaveOut);
  const format = input.text('_outputFormat');
  if (format !== undefined && !formats.has(format)) {
    throw new Failure('value', `_outputFormat=${short(format)} is not offered. Ask for application/fhir+ndjson.`);
  }
  const since = instantOf(input, '_since');
  const until = instantOf(input, '_until');
  const patients = input.names.includes('patient') ? patientsOf(input, level) : undefined;
  const types = typesOf(input, level, leaveOut);
  const elements = listOf(input, '_elements');
  return {
    level,
    ...(groupId !== undefined && { groupId }),
    ...(patients && { patients }),
    types,
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    typeFilters: filtersOf(input, types),
    ...(elements.length > 0 && { elements: elements.map(requireElement) }),
    notes,
  };
}

const short = (text: string): string => text.slice(0, 100);

function refuseUnknown(input: OperationInput, leaveOut: (reason: string) => void): void {
  for (const name of input.names) {
    if (known.has(name)) continue;
    const why: Record<string, string> = {
      includeAssociatedData: 'includeAssociatedData is not supported: name the types, such as Provenance, in _type.',
      organizeOutputBy: 'organizeOutputBy is not supported: files are made by resource type.',
      allowPartialManifests: 'allowPartialManifests is not supported: the manifest comes when all files are there.',
    };
    leaveOut(why[name] ?? `The parameter ${short(name)} is not known.`);
  }
}

/** Microseconds since 1970 UTC. */
function instantOf(input: OperationInput, name: string): number | undefined {
  const text = input.text(name);
  if (text === undefined) return undefined;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)) {
    throw new Failure('value', `${name} must be an instant such as 2026-11-25T08:00:00Z, not "${short(text)}".`);
  }
  // Versions are stamped by the millisecond.
  return Math.floor(searchDateBounds(text).low / 1000) * 1000;
}

const listOf = (input: OperationInput, name: string): string[] =>
  input
    .texts(name)
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '');

function typesOf(input: OperationInput, level: Asked['level'], leaveOut: (reason: string) => void): string[] {
  const offered = level === 'system' ? resourceTypes : patientTypes;
  if (!input.names.includes('_type')) return [...offered];
  const asked = [...new Set(listOf(input, '_type'))];
  const types: string[] = [];
  for (const type of asked) {
    if (!isResourceType(type)) leaveOut(`_type: "${short(type)}" is no resource type of FHIR R4.`);
    else if (!offered.includes(type))
      leaveOut(`_type: a ${type} does not belong to a patient; export it from the system.`);
    else types.push(type);
  }
  if (types.length === 0) throw new Failure('value', '_type names no type that can be exported here.');
  return types;
}

const mostFilters = 50;

function filtersOf(input: OperationInput, types: readonly string[]): Record<string, string[]> {
  const filters: Record<string, string[]> = {};
  // A comma that separates filters is followed by a type and a question mark; others belong to values.
  const texts = input.texts('_typeFilter').flatMap((text) => text.split(/,(?=[A-Z][A-Za-z]+\?)/));
  if (texts.length > mostFilters)
    throw new Failure('too-costly', `There may be ${mostFilters} _typeFilters, not more.`);
  for (const text of texts) {
    const at = text.indexOf('?');
    const type = text.slice(0, at);
    if (at < 0 || !isResourceType(type)) {
      throw new Failure(
        'value',
        `_typeFilter must be a search such as Observation?status=final, not "${short(text)}".`,
      );
    }
    if (!types.includes(type)) throw new Failure('value', `_typeFilter is about ${type}, which _type leaves out.`);
    filters[type] = [...(filters[type] ?? []), text.slice(at + 1)];
  }
  return filters;
}

function requireElement(name: string): string {
  if (/^(?:[A-Z][A-Za-z]+\.)?[a-z][A-Za-z0-9]*$/.test(name)) return name;
  throw new Failure(
    'value',
    `_elements must list top-level elements such as id or Patient.name, not "${short(name)}".`,
  );
}

const mostPatients = 100_000;

function patientsOf(input: OperationInput, level: Asked['level']): string[] {
  if (level === 'system')
    throw new Failure('value', 'The parameter patient is for Patient/$export and Group/[id]/$export.');
  const ids = input.values('patient').map((value) => {
    const reference = typeof value === 'string' ? value : (value as { reference?: unknown } | null)?.reference;
    const id = /^(?:Patient\/)?([A-Za-z0-9\-.]{1,64})$/.exec(typeof reference === 'string' ? reference : '')?.[1];
    if (id === undefined) throw new Failure('value', 'The parameter patient must be a reference such as Patient/123.');
    return id;
  });
  if (ids.length > mostPatients)
    throw new Failure('too-costly', `Name at most ${mostPatients} patients, or make a Group.`);
  return [...new Set(ids)];
}
