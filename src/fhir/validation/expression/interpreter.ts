import { createRequire } from 'node:module';
import type fhirpathPackage from 'fhirpath';

const require = createRequire(import.meta.url);

export interface Interpreter {
  readonly fhirpath: typeof fhirpathPackage;
  readonly r4: Parameters<typeof fhirpathPackage.compile>[1];
}

let loaded: Interpreter | undefined;

/** The fhirpath package, loaded when first needed: it takes a fifth of a second and 60 MB. */
export function interpreter(): Interpreter {
  loaded ??= { fhirpath: require('fhirpath'), r4: require('fhirpath/fhir-context/r4') };
  return loaded;
}
