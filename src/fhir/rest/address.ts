import { isResourceType } from '../definitions/index.ts';

/** The parts of an address after the base. */
export interface Address {
  type?: string | undefined;
  id?: string | undefined;
  /** Empty for the history of one resource. */
  version?: string | undefined;
  /** Without the dollar sign. */
  operation?: string | undefined;
  /** What stands behind the operation. */
  rest?: string | undefined;
  /** `Patient/1/Observation`: the resource whose compartment is searched for what `type` says. */
  compartment?: { type: string; id: string } | undefined;
}

/**
 * `Patient/1/_history/2`, `Patient/1/$everything`, `Patient/1/Observation`, `$export-status/abc`; undefined when it is no address of an
 * interaction. https://hl7.org/fhir/R4/http.html#summary
 */
export function parseAddress(parts: readonly string[]): Address | undefined {
  const at = parts.findIndex((part) => part.startsWith('$'));
  if (at >= 0) {
    const [type, id] = parts.slice(0, at);
    const operation = parts[at]?.slice(1);
    const [rest, ...more] = parts.slice(at + 1);
    return at > 2 || more.length > 0 ? undefined : { type, id, operation, rest };
  }
  const [type, id, history, version, ...more] = parts;
  if (type && id && history && version === undefined && isResourceType(history)) {
    return { type: history, compartment: { type, id } };
  }
  if (more.length > 0 || (history !== undefined && history !== '_history')) return undefined;
  return { type, id, version: history === undefined ? undefined : (version ?? '') };
}
