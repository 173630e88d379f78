export { applyFhirPathPatch } from './fhirpath-patch.ts';
export { applyJsonPatch } from './json-patch.ts';
export { jsonPatchType, readPatch } from './patch.ts';
