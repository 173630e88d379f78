import type { Reference } from 'fhir/r4.js';
import { useReferenceName } from './reference-names.resource.ts';

/** The name of whom or what a reference points to. */
export function ReferenceName({ reference }: { reference: Reference | undefined }) {
  const name = useReferenceName(reference);
  return name === undefined ? null : <span>{name}</span>;
}
