import { Button, Select } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { Card } from '../../ui/card/card.tsx';
import { localDate } from '../../ui/date-time/date-time.ts';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { BackToConsents } from './back.tsx';
import { type ScopeInput, useGive, useParties, useVocabulary } from './consent.resource.ts';
import { ScopeFields } from './scope.form.tsx';
import './consent.css';

const threeMonths = () => localDate(new Date(Date.now() + 90 * 86_400_000));
const nothingYet: ScopeInput = { categories: [], until: undefined, dataFrom: undefined, dataUntil: undefined };

/** Opens part of the record to an institution or a clinician. */
export const GivePage = () => <GiveForm kind="grants" />;

/** Closes data to an institution, a clinician, or everybody. */
export const ClosePage = () => <GiveForm kind="closings" />;

function GiveForm({ kind }: { kind: 'grants' | 'closings' }) {
  const { t } = useTranslation('consent');
  const isClosing = kind === 'closings';
  usePageTitle(t(isClosing ? 'way.close' : 'way.give'));
  const navigate = useNavigate();
  const [address] = useSearchParams();
  const patient = address.get('for') ?? undefined;
  const vocabulary = useVocabulary().data;
  const [party, setParty] = useState<string>();
  const [scope, setScope] = useState<ScopeInput>(() =>
    isClosing ? nothingYet : { ...nothingYet, until: threeMonths() },
  );
  const give = useGive(kind);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    give.mutate(
      { ...scope, patient, party, ...(!isClosing && { purpose: 'TREAT' }) },
      { onSuccess: () => void navigate(patient === undefined ? '/consents' : `/consents?for=${patient}`) },
    );
  };
  return (
    <div className="consent-page">
      <BackToConsents />
      <Card title={t(isClosing ? 'way.close' : 'way.give')}>
        <form className="consent-form" onSubmit={submit}>
          <p className="muted">{t(isClosing ? 'give.closeHelp' : 'give.help')}</p>
          <PartyField value={party} onChange={setParty} isOptional={isClosing} />
          {vocabulary && (
            <ScopeFields vocabulary={vocabulary} scope={scope} onChange={setScope} isClosing={isClosing} />
          )}
          {give.error && <FailureNotice title={t('failed.give')} failure={give.error} />}
          <Button
            type="primary"
            htmlType="submit"
            loading={give.isPending}
            disabled={
              scope.categories.length === 0 || (!isClosing && (party === undefined || scope.until === undefined))
            }
          >
            {t(isClosing ? 'action.close' : 'action.give')}
          </Button>
        </form>
      </Card>
    </div>
  );
}

interface PartyFieldProps {
  value: string | undefined;
  onChange: (reference: string | undefined) => void;
  isOptional: boolean;
}

/** Finds an institution or a clinician by name. */
function PartyField({ value, onChange, isOptional }: PartyFieldProps) {
  const { t } = useTranslation('consent');
  const [text, setText] = useState('');
  const found = useParties(text);
  return (
    <div className="consent-field">
      <label htmlFor="consent-party">{t(isOptional ? 'give.fromWhom' : 'give.toWhom')}</label>
      <Select
        id="consent-party"
        showSearch={{ filterOption: false, onSearch: (typed) => setText(typed.trim()) }}
        allowClear
        value={value}
        onChange={onChange}
        placeholder={t(isOptional ? 'give.everybody' : 'give.find')}
        loading={found.isFetching}
        notFoundContent={text === '' ? t('give.type') : t('give.none')}
        options={(found.data ?? []).map(({ reference, display }) => ({ value: reference, label: display }))}
      />
      {found.error && <FailureNotice title={t('failed.parties')} failure={found.error} />}
    </div>
  );
}
