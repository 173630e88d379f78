import { useQuery } from '@tanstack/react-query';
import type { Organization, Practitioner, Reference } from 'fhir/r4.js';
import { isResource, searchPage } from '../../http/fhir-client.ts';
import { type Language, language } from '../../settings/language.ts';
import { inLanguage, translations } from '../codeable-concept/codeable-concept.ts';
import { isChinese, nameIn, parseHumanNames } from '../human-name/human-name.ts';

type Named = 'Organization' | 'Practitioner';

interface Names {
  zh: string | undefined;
  en: string | undefined;
}

/** What a referred institution or clinician is called in the reader's language; until that is known, as the record wrote it. */
export function useReferenceName(reference: Reference | undefined): string | undefined {
  const locale = language.use();
  const [type, id] = reference?.reference?.split('/') ?? [];
  const written = inLanguage([reference?.display, ...translations(reference?._display)], locale);
  const isUnderstood = written !== undefined && isChinese(written) === (locale === 'zh-CN');
  const names = useQuery({
    queryKey: ['reference-name', type, id],
    queryFn: () => (isNamed(type) && id ? requestNames(type, id) : null),
    enabled: !isUnderstood && isNamed(type) && id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const known =
    names.data && (locale === 'zh-CN' ? (names.data.zh ?? names.data.en) : (names.data.en ?? names.data.zh));
  return known ?? written;
}

const isNamed = (type: string | undefined): type is Named => type === 'Organization' || type === 'Practitioner';

// Names that are asked for at the same moment are fetched with one search a type.
const waiting = new Map<Named, Map<string, ((names: Names | null) => void)[]>>();
const gatherMs = 10;

function requestNames(type: Named, id: string): Promise<Names | null> {
  return new Promise((resolve) => {
    const batch = waiting.get(type) ?? new Map<string, ((names: Names | null) => void)[]>();
    if (!waiting.has(type)) {
      waiting.set(type, batch);
      setTimeout(() => void fetchNames(type), gatherMs);
    }
    batch.set(id, [...(batch.get(id) ?? []), resolve]);
  });
}

async function fetchNames(type: Named) {
  const batch = waiting.get(type) ?? new Map<string, ((names: Names | null) => void)[]>();
  waiting.delete(type);
  const ids = [...batch.keys()];
  // A name that cannot be had is no failure of the page: what the record wrote stays.
  const page = await searchPage(`${type}?_id=${ids.join(',')}&_count=${ids.length}`).catch(() => undefined);
  const found = new Map(page?.matches.map((resource) => [resource.id, resource]));
  for (const [id, resolvers] of batch) {
    const resource = found.get(id);
    const isOrganization = resource !== undefined && isResource('Organization', resource);
    const isPractitioner = resource !== undefined && isResource('Practitioner', resource);
    const names = isOrganization ? organizationNames(resource) : isPractitioner ? practitionerNames(resource) : null;
    for (const resolve of resolvers) resolve(names);
  }
}

function organizationNames({ name, _name, alias = [] }: Organization): Names {
  const words = [name, ...translations(_name), ...alias];
  return { zh: inLanguage(words, 'zh-CN'), en: inLanguage(words, 'en') };
}

function practitionerNames({ name }: Practitioner): Names {
  const parsed = parseHumanNames(name);
  const inLocale = (locale: Language) => nameIn(locale, parsed) || undefined;
  return { zh: inLocale('zh-CN'), en: inLocale('en') };
}
