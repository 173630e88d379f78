import type { JsonObject } from '#lib/json/index.ts';
import type { Consent, Named } from './consent.ts';

/** What a notice is about; a code of http://meridian.health/fhir/CodeSystem/consent-notice */
export type NoticeKind =
  | 'requested'
  | 'granted'
  | 'denied'
  | 'revoked'
  | 'mandate-requested'
  | 'mandate-decided'
  | 'closed';

type Words = (name: string) => { readonly en: string; readonly zh: string };

const words: Readonly<Record<NoticeKind, Words>> = {
  requested: (name) => ({
    en: `${name} asks to see part of your record. Decide under My consents.`,
    zh: `${name}申请查看您的部分健康档案，请在“我的授权”中决定。`,
  }),
  granted: (name) => ({
    en: `Part of your record is open to ${name} now. You can take it back at any time.`,
    zh: `您的部分健康档案已向${name}开放，您可随时撤回。`,
  }),
  denied: (name) => ({ en: `The request of ${name} has been denied.`, zh: `已拒绝${name}的申请。` }),
  revoked: (name) => ({
    en: `What you had opened to ${name} is closed.`,
    zh: `您对${name}的授权已撤回。`,
  }),
  'mandate-requested': (name) => ({
    en: `${name} asks to act for you. It counts once you or the registration desk agree.`,
    zh: `${name}申请代您办理健康事务，经您本人或登记窗口同意后生效。`,
  }),
  'mandate-decided': (name) => ({
    en: `Whether ${name} may act for you has been decided. See My consents.`,
    zh: `${name}代您办理健康事务的申请已有结果，请查看“我的授权”。`,
  }),
  closed: (name) => ({ en: `You have closed data to ${name}.`, zh: `您已对${name}关闭部分数据。` }),
};

const everybody = { en: 'everybody', zh: '所有机构' };

/** Tells the resident, in the record, what was asked for or decided. */
export function noticeTo(
  patient: Named,
  kind: NoticeKind,
  {
    id,
    about,
    name,
    at,
  }: { readonly id: string; readonly about: string; readonly name: string | undefined; readonly at: string },
): JsonObject {
  const zh = words[kind](name ?? everybody.zh).zh;
  const en = words[kind](name ?? everybody.en).en;
  const person = { reference: patient.reference, display: patient.display };
  return {
    resourceType: 'Communication',
    id,
    status: 'completed',
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/communication-category', code: 'notification' }] },
    ],
    topic: { coding: [{ system: 'http://meridian.health/fhir/CodeSystem/consent-notice', code: kind }] },
    subject: person,
    recipient: [person],
    about: [{ reference: `Consent/${about}` }],
    sent: at,
    payload: [
      {
        contentString: zh,
        _contentString: {
          extension: [
            {
              url: 'http://hl7.org/fhir/StructureDefinition/translation',
              extension: [
                { url: 'lang', valueCode: 'en' },
                { url: 'content', valueString: en },
              ],
            },
          ],
        },
      },
    ],
  };
}

/** Tells whoever held data under a consent that they must hold no copy any more. */
export function eraseTask(
  { id, patient, party, scope }: Consent & { party: Named },
  taskId: string,
  at: string,
): JsonObject {
  return {
    resourceType: 'Task',
    id: taskId,
    status: 'requested',
    intent: 'order',
    code: { coding: [{ system: 'http://meridian.health/fhir/CodeSystem/consent-task', code: 'erase-copies' }] },
    description: 'The consent has ended: erase what was copied under it, and say so by completing this task.',
    focus: { reference: `Consent/${id}` },
    for: { reference: patient.reference, display: patient.display },
    authoredOn: at,
    owner: { reference: party.reference, display: party.display },
    ...(scope.eraseAt !== undefined && { restriction: { period: { end: scope.eraseAt } } }),
  };
}
