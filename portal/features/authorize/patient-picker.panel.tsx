import { Input, Radio } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NameText } from '../../ui/human-name/human-name.tsx';
import { Icon } from '../../ui/icon/icon.tsx';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Nothing } from '../../ui/states/empty.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { useFoundPatients } from './authorize.resource.ts';

/** Whose record the application is to open: among those whom the person may read. */
export function PatientPicker({ chosen, onChoose }: { chosen: string | undefined; onChoose: (id: string) => void }) {
  const { t } = useTranslation('authorize');
  const [text, setText] = useState('');
  const found = useFoundPatients(useDeferredValue(text));
  return (
    <div className="authorize-patient">
      <label htmlFor="authorize-patient">{t('patient.label')}</label>
      <Input
        id="authorize-patient"
        prefix={<Icon name="search" />}
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder={t('patient.hint')}
      />
      {text.trim() !== '' && (
        <QueryContent
          query={found}
          failureTitle={t('patient.failed')}
          skeleton={<SkeletonRows columns={[1]} rows={3} height={40} />}
        >
          {(people) =>
            people.length === 0 ? (
              <Nothing>{t('patient.none')}</Nothing>
            ) : (
              <Radio.Group
                className="authorize-people"
                value={chosen}
                onChange={({ target }) => onChoose(String(target.value))}
                options={people.map((person) => ({
                  value: person.id,
                  label: (
                    <>
                      <NameText name={person.name} /> <span className="muted">{person.birthDate}</span>
                    </>
                  ),
                }))}
              />
            )
          }
        </QueryContent>
      )}
    </div>
  );
}
