import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../ui/card/card.tsx';
import { FailureNotice } from '../../ui/states/failure.tsx';
import { type PrintedInstitution, useOpenOrClose } from './directory.resource.ts';

/** Closes an organisation, or opens it again; the first press asks. */
export function ClosePanel({ organization }: { organization: PrintedInstitution }) {
  const { t } = useTranslation('directory');
  const [isAsking, setIsAsking] = useState(false);
  const [withAll, setWithAll] = useState(false);
  const change = useOpenOrClose();
  const { id, version, isActive } = organization;
  const run = (verb: 'close' | 'reopen') =>
    change.mutate({ id, version, verb, withAll }, { onSuccess: () => setIsAsking(false) });
  return (
    <Card title={isActive ? t('close.title') : t('close.closed')}>
      <div className="directory-form">
        {isActive && <p className="directory-part">{t('close.text')}</p>}
        {change.error && <FailureNotice title={t('close.failed')} failure={change.error} />}
        {isActive && isAsking && (
          <Checkbox checked={withAll} onChange={({ target }) => setWithAll(target.checked)}>
            {t('close.withAll')}
          </Checkbox>
        )}
        <div className="directory-actions">
          {!isActive && (
            <Button onClick={() => run('reopen')} loading={change.isPending}>
              {t('close.reopen')}
            </Button>
          )}
          {isActive && !isAsking && <Button onClick={() => setIsAsking(true)}>{t('close.ask')}</Button>}
          {isActive && isAsking && (
            <>
              <Button type="primary" onClick={() => run('close')} loading={change.isPending}>
                {t('close.action')}
              </Button>
              <Button onClick={() => setIsAsking(false)}>{t('cancel')}</Button>
            </>
          )}
        </div>
      </div>
    </Card>
  );
}
