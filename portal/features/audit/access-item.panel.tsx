import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { language } from '../../settings/language.ts';
import { formatTime } from '../../ui/date-time/date-time.ts';
import { listText } from '../../ui/list-text/list-text.ts';
import type { AccessView } from './audit.resource.ts';
import { QuestionForm } from './question.form.tsx';
import { purposeOf, roleOf, thingsOf } from './things.ts';

interface AccessItemProps {
  access: AccessView;
  patient: string;
  isAsking: boolean;
  onAsk: () => void;
  onDone: () => void;
}

/** One person's looks of a day: who, what, why, when; and a way to ask. */
export function AccessItem({ access, patient, isAsking, onAsk, onDone }: AccessItemProps) {
  const { t } = useTranslation('audit');
  const { agent, purpose, isRefused, isChange, count, first, last } = access;
  const { isOwn, name, place } = useNames(access, patient);
  const times = [formatTime(new Date(first)), formatTime(new Date(last))];
  const when = times[0] === times[1] ? times[0] : times.join('–');
  const isEmergency = purpose === 'ETREAT';
  return (
    <li className={isEmergency ? 'audit-item audit-item-marked' : 'audit-item'}>
      <div className="audit-item-head">
        <span className="audit-who">{name}</span>
        <span className="figures muted audit-when">{when}</span>
      </div>
      {place && <p className="muted dense">{place}</p>}
      <p className="audit-what">{useWhat(access)}</p>
      <p className="muted dense">
        {t(isRefused ? 'mine.refusedWhy' : `why.${purposeOf(purpose)}`)} · {t('mine.times', { count })}
      </p>
      <div className="audit-item-foot">
        {isEmergency && <span className="audit-chip audit-chip-solid">{t('chip.emergency')}</span>}
        {isRefused && <span className="audit-chip">{t('chip.refused')}</span>}
        {isChange && !isRefused && <span className="audit-chip">{t('chip.changed')}</span>}
        {!isOwn && agent.role !== 'system' && !isAsking && (
          <Button type="link" className="audit-ask" onClick={onAsk} aria-label={t('mine.askAbout', { name })}>
            {t('mine.ask')}
          </Button>
        )}
      </div>
      {isAsking && <QuestionForm patient={patient} event={access.event} name={name} onDone={onDone} />}
    </li>
  );
}

function useNames({ agent }: AccessView, patient: string) {
  const { t } = useTranslation('audit');
  const { t: ofFrame } = useTranslation('shell');
  const locale = language.use();
  const isOwn = agent.reference === `Patient/${patient}`;
  const isOperator = agent.reference === 'operator';
  const role = roleOf(agent.role);
  const roleText = role ? ofFrame(`role.${role}`) : agent.role === 'system' ? t('role.system') : t('role.operator');
  return {
    isOwn,
    name: isOwn ? t('mine.you') : isOperator ? t('role.operator') : agent.display || t('mine.somebody'),
    place: isOwn || isOperator ? undefined : listText([roleText, agent.organizationName], locale),
  };
}

function useWhat({ types, isRefused, isChange }: AccessView): string {
  const { t } = useTranslation('audit');
  const locale = language.use();
  const words = thingsOf(types).map((thing) => t(`thing.${thing}`));
  const shown = words.slice(0, 4);
  if (words.length > shown.length) shown.push(t('thing.more'));
  const things = new Intl.ListFormat(locale, { type: 'conjunction' }).format(shown);
  if (isRefused) return t('mine.wanted', { things: types.length === 0 ? t('thing.record') : things });
  return t(isChange ? 'mine.wrote' : 'mine.saw', { things });
}
