import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DiedTag } from '../died/died-tag.tsx';
import { NameText } from '../human-name/human-name.tsx';
import { endingOf } from '../identifier/identifier.ts';
import { Bone, Loading } from '../skeleton/skeleton.tsx';
import { useAgeAndBirth } from './age-text.ts';
import type { Person } from './person.ts';
import './person-banner.css';

interface PersonBannerProps {
  person: Person;
  /** The person looks at their own record: no warning colour, nothing that sticks. */
  isOwn?: boolean;
  /** Another person's record was open before this one. */
  isSecond?: boolean;
  /** BannerCells. */
  children?: ReactNode;
}

/** Says on every page about a person who that is. */
export function PersonBanner({ person, isOwn = false, isSecond = false, children }: PersonBannerProps) {
  const { t } = useTranslation('ui');
  const ageAndBirth = useAgeAndBirth();
  return (
    <header
      className={['person-banner', isOwn && 'person-banner-own', isSecond && 'person-banner-second']
        .filter(Boolean)
        .join(' ')}
    >
      <div className="person-banner-who">
        <h1 className="person-banner-name">
          <NameText name={person.name} />
          <DiedTag died={person.died} />
          {isSecond && <span className="tag second-tag">{t('secondPerson')}</span>}
        </h1>
        <p className="person-banner-facts figures">
          <span>{t(`sex.${person.sex}`)}</span>
          <span>{ageAndBirth(person)}</span>
          {person.idCard && <span className="muted">{t('idEnding', { ending: endingOf(person.idCard) })}</span>}
        </p>
      </div>
      {children}
    </header>
  );
}

export function BannerCell({
  label,
  isKept = false,
  children,
}: {
  label: string;
  isKept?: boolean;
  children: ReactNode;
}) {
  return (
    <div className={isKept ? 'banner-cell banner-cell-kept' : 'banner-cell'}>
      <span className="banner-cell-label">{label}</span>
      <div className="banner-cell-value">{children}</div>
    </div>
  );
}

export function PersonBannerSkeleton() {
  return (
    <div className="person-banner">
      <Loading>
        <div className="person-banner-who">
          <div className="person-banner-name">
            <Bone width={180} height={18} />
          </div>
          <div className="person-banner-facts">
            <Bone width={260} />
          </div>
        </div>
      </Loading>
    </div>
  );
}
