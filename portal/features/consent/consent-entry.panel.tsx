import { Button, Input, Popconfirm } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { language } from '../../settings/language.ts';
import { formatDate } from '../../ui/date-time/date-time.ts';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { type ConsentView, type ScopeInput, useDecide, type Vocabulary } from './consent.resource.ts';
import { ScopeFields } from './scope.form.tsx';
import { ScopeText } from './scope-text.tsx';

interface ConsentEntryProps {
  consent: ConsentView;
  vocabulary: Vocabulary | undefined;
  /** Whoever decides at the desk says what they have seen. */
  isDesk?: boolean;
  /** The reader is whoever asked: the patient is known, the party is oneself. */
  isSent?: boolean;
}

/** One consent: with whom, what, until when, where it stands, and what may be done with it now. */
export function ConsentEntry({ consent, vocabulary, isDesk = false, isSent = false }: ConsentEntryProps) {
  const { t } = useTranslation('consent');
  const locale = language.use();
  const { kind, state, party, patient, requester, purposes, reason, note, scope, at, decideBy } = consent;
  const who = party?.display ?? t('everybody');
  return (
    <li className="consent-entry">
      <div className="consent-words">
        <p className="medium">
          {isDesk ? t('mandate.pair', { proxy: who, patient: patient.display }) : who}
          {requester && requester.display !== who && <span className="muted"> · {requester.display}</span>}
        </p>
        {purposes.length > 0 && kind === 'sharing' && (
          <p className="muted dense">{purposes.map((code) => t(`purpose.${code}`)).join(' · ')}</p>
        )}
        <ScopeText scope={scope} vocabulary={vocabulary} />
        {reason && <p className="consent-quote">{reason}</p>}
        {note && <p className="consent-quote">{note}</p>}
        <p className="muted small figures">
          {t(`state.${kind === 'closing' && state === 'granted' ? 'closed' : state}`)} · {formatDate(at, locale)}
          {decideBy && ` · ${t('decideBy', { day: formatDate(decideBy, locale) })}`}
        </p>
      </div>
      {!isSent && consent.may.length > 0 && <Decision consent={consent} vocabulary={vocabulary} isDesk={isDesk} />}
    </li>
  );
}

/** To choose less than everything begins with nothing. */
const narrowed = ({ scope }: ConsentView): ScopeInput => ({
  ...scope,
  categories: scope.categories.includes('everything') ? [] : scope.categories,
});

interface DecisionProps {
  consent: ConsentView;
  vocabulary: Vocabulary | undefined;
  isDesk: boolean;
}

function Decision({ consent, vocabulary, isDesk }: DecisionProps) {
  const { t } = useTranslation('consent');
  const [scope, setScope] = useState<ScopeInput>();
  const [note, setNote] = useState('');
  const decide = useDecide(consent);
  const { may, kind } = consent;
  const send = (action: 'grant' | 'deny' | 'revoke') =>
    decide.mutate({ action, ...(action === 'grant' && scope), ...(note !== '' && { note }) });
  return (
    <div className="consent-decision">
      {scope && vocabulary && (
        <ScopeFields vocabulary={vocabulary} scope={scope} onChange={setScope} within={consent.scope.categories} />
      )}
      {isDesk && (
        <Input
          value={note}
          onChange={({ target }) => setNote(target.value)}
          placeholder={t('mandate.proof')}
          aria-label={t('mandate.proof')}
        />
      )}
      {decide.error && <FailureNotice title={t('failed.decide')} failure={decide.error} />}
      <div className="consent-actions">
        {may.includes('grant') && (
          <Button
            type="primary"
            loading={decide.isPending}
            disabled={(isDesk && note === '') || scope?.categories.length === 0}
            onClick={() => send('grant')}
          >
            {t(kind === 'mandate' ? 'action.agree' : scope ? 'action.grantThis' : 'action.grant')}
          </Button>
        )}
        {may.includes('grant') && kind === 'sharing' && !scope && (
          <Button onClick={() => setScope(narrowed(consent))}>{t('action.narrow')}</Button>
        )}
        {may.includes('deny') && (
          <Button disabled={decide.isPending || (isDesk && note === '')} onClick={() => send('deny')}>
            {t('action.deny')}
          </Button>
        )}
        {may.includes('revoke') && (
          <Popconfirm
            title={t(kind === 'closing' ? 'confirm.reopen' : 'confirm.revoke')}
            okText={t(kind === 'closing' ? 'action.reopen' : 'action.revoke')}
            cancelText={t('action.keep')}
            onConfirm={() => send('revoke')}
          >
            <Button loading={decide.isPending}>{t(kind === 'closing' ? 'action.reopen' : 'action.revoke')}</Button>
          </Popconfirm>
        )}
      </div>
    </div>
  );
}
