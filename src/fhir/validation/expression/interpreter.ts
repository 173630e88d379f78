import { createRequire } from 'node:module';
import type fhirpathPackage from 'fhirpath';

const require = createRequire(import.meta.url);

/** https://lhncbc.github.io/ucum-lhc */
export interface UnitConverter {
  convertUnitTo(from: string, value: number, to: string): { status: string; toVal: number | null };
}

export interface Interpreter {
  readonly fhirpath: typeof fhirpathPackage & { readonly ucumUtils: UnitConverter };
  readonly r4: Parameters<typeof fhirpathPackage.compile>[1];
}

let loaded: Interpreter | undefined;

/** The fhirpath package, loaded when first needed: it takes a fifth of a second and 60 MB. */
export function interpreter(): Interpreter {
  loaded ??= { fhirpath: require('fhirpath'), r4: require('fhirpath/fhir-context/r4') };
  return loaded;
}
