import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icon/icon.tsx';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { MoreBelow } from '../../ui/states/more-below.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { type DivisionTreePage, useChildren } from './division.resource.ts';

interface BranchProps {
  parent: string;
  chosen: string;
  onChoose: (code: string) => void;
  isOpen: boolean;
}

/** The places right below one, each to be opened in turn. */
export function Branch({ parent, chosen, onChoose, isOpen }: BranchProps) {
  const { t } = useTranslation('division');
  const children = useChildren(parent, isOpen);
  return (
    <>
      <QueryContent
        query={children}
        failureTitle={t('failed')}
        skeleton={<SkeletonRows columns={[3, 1]} rows={4} height={32} />}
      >
        {({ pages }) =>
          pages
            .flatMap(({ divisions }) => divisions)
            .map((division) => <Place key={division.code} division={division} chosen={chosen} onChoose={onChoose} />)
        }
      </QueryContent>
      <MoreBelow query={children} label={t('more')} busyLabel={t('busy')} failureTitle={t('failed')} />
    </>
  );
}

interface PlaceProps extends Omit<BranchProps, 'parent' | 'isOpen'> {
  division: DivisionTreePage['divisions'][number];
}

function Place({ division, chosen, onChoose }: PlaceProps) {
  const { t, i18n } = useTranslation('division');
  const [isOpen, setIsOpen] = useState(false);
  const { code, name, english, hasChildren } = division;
  const title = i18n.language === 'en' ? english : name;
  return (
    <li className="division-place">
      <div className="division-line">
        {hasChildren ? (
          <button
            type="button"
            className="division-toggle"
            aria-expanded={isOpen}
            aria-label={t('below', { place: title })}
            onClick={() => setIsOpen(!isOpen)}
          >
            <Icon name={isOpen ? 'down' : 'right'} size={14} />
          </button>
        ) : (
          <span className="division-toggle" />
        )}
        <button type="button" className="division-row" aria-pressed={code === chosen} onClick={() => onChoose(code)}>
          <span>{title}</span>
          <span className="division-code muted figures">{code}</span>
        </button>
      </div>
      {isOpen && (
        <ul className="division-children">
          <Branch parent={code} chosen={chosen} onChoose={onChoose} isOpen />
        </ul>
      )}
    </li>
  );
}
