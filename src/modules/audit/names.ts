import type { Organization, Patient } from 'fhir/r4.js';
import type { FhirContext } from '#fhir/rest/index.ts';

/** Names for whoever reads the trail, each looked up once; undefined for what is not there any more. */
export function createNames({ pool, store }: Pick<FhirContext, 'pool' | 'store'>) {
  const known = new Map<string, Promise<string | undefined>>();
  const nameOf = (reference: string, pick: (content: string) => string | undefined): Promise<string | undefined> => {
    const earlier = known.get(reference);
    if (earlier) return earlier;
    const [type = '', id = ''] = reference.split('/');
    const name = store.read(pool, type, id).then((row) => (row?.content ? pick(row.content) : undefined));
    known.set(reference, name);
    return name;
  };
  return {
    organization: async (reference: string | undefined): Promise<string | undefined> =>
      reference?.startsWith('Organization/')
        ? nameOf(reference, (content) => (JSON.parse(content) as Organization).name)
        : undefined,
    patient: (id: string): Promise<string | undefined> =>
      nameOf(`Patient/${id}`, (content) => {
        const [name] = (JSON.parse(content) as Patient).name ?? [];
        return name?.text ?? [name?.family, ...(name?.given ?? [])].filter(Boolean).join(' ');
      }),
  };
}
