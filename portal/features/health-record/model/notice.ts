import type { Communication } from 'fhir/r4.js';
import type { Language } from '../../../settings/language.ts';

/** Something that the platform tells a resident. https://hl7.org/fhir/R4/communication.html */
export interface Notice {
  id: string;
  text: string;
  sent: string;
  /** The page on which more is to be found. */
  page: '/me/accesses' | '/consents';
}

const emergencies = 'http://meridian.health/fhir/CodeSystem/notice';
const consents = 'http://meridian.health/fhir/CodeSystem/consent-notice';

/** The notices of the platform among what was communicated, in the reader's language, newest first. */
export function communicationsToNotices(communications: readonly Communication[], language: Language): Notice[] {
  return communications
    .flatMap((communication): Notice[] => {
      const { id = '', sent = '' } = communication;
      const text = textIn(communication, language);
      const isOf = (system: string) =>
        [communication.topic, ...(communication.reasonCode ?? [])].some((concept) =>
          concept?.coding?.some((coding) => coding.system === system),
        );
      if (text === undefined || sent === '') return [];
      if (isOf(emergencies)) return [{ id, text, sent, page: '/me/accesses' }];
      return isOf(consents) ? [{ id, text, sent, page: '/consents' }] : [];
    })
    .sort((a, b) => b.sent.localeCompare(a.sent));
}

/** Chinese stands first; English is its translation, or the second part. https://hl7.org/fhir/R4/extension-translation.html */
function textIn({ payload = [] }: Communication, language: Language): string | undefined {
  const [first, second] = payload;
  const chinese = first?.contentString;
  if (language === 'zh-CN') return chinese;
  return translationOf(first?._contentString?.extension) ?? second?.contentString ?? chinese;
}

type Extensions = NonNullable<NonNullable<Communication['payload']>[number]['_contentString']>['extension'];

function translationOf(extensions: Extensions): string | undefined {
  for (const { url, extension: parts = [] } of extensions ?? []) {
    if (!url.endsWith('/StructureDefinition/translation')) continue;
    const isEnglish = parts.some((part) => part.url === 'lang' && part.valueCode === 'en');
    if (isEnglish) return parts.find((part) => part.url === 'content')?.valueString;
  }
  return undefined;
}
