import { readFileSync } from 'node:fs';
import type { JsonObject } from '#lib/json/index.ts';
import type { Emergency } from './emergency.ts';

type NoticeCode = 'emergency-access' | 'emergency-not-justified';

const { notices } = JSON.parse(
  readFileSync(new URL('../../../../content/access/notices.json', import.meta.url), 'utf8'),
) as { notices: Record<NoticeCode, { en: string; zh: string }> };

/** A message to the resident, in both languages of the platform. https://hl7.org/fhir/R4/communication.html */
export function noticeOf(code: NoticeCode, emergency: Emergency, sent: number): JsonObject {
  const { patient, actor, display, opened, ends, reason } = emergency;
  const words = { person: display, time: shortTime(opened), end: shortTime(ends), reason };
  const fill = (template: string): string =>
    template.replace(/\{(\w+)\}/g, (whole, name: string) => words[name as keyof typeof words] ?? whole);
  const { en, zh } = notices[code];
  return {
    resourceType: 'Communication',
    status: 'completed',
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/communication-category', code: 'notification' }] },
    ],
    reasonCode: [{ coding: [{ system: 'http://meridian.health/fhir/CodeSystem/notice', code }] }],
    subject: { reference: `Patient/${patient}` },
    recipient: [{ reference: `Patient/${patient}` }],
    about: [{ reference: actor, display }],
    sent: new Date(sent).toISOString(),
    payload: [{ contentString: fill(zh) }, { contentString: fill(en) }],
  };
}

/** In the time of China, which has one zone. */
const shortTime = (at: number): string =>
  new Date(at).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' });
