import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import './show-all.css';

interface ShowAllProps<T> {
  items: readonly T[];
  /** How many are shown until the reader asks for all. */
  first: number;
  children: (item: T) => ReactNode;
}

/** A list that starts short and says how long it is. */
export function ShowAll<T>({ items, first, children }: ShowAllProps<T>) {
  const { t } = useTranslation('ui');
  const [isOpen, setIsOpen] = useState(false);
  // One more row is no longer than the button that would hide it.
  const isLong = items.length > first + 1;
  const shown = isOpen || !isLong ? items : items.slice(0, first);
  return (
    <>
      <ul>{shown.map(children)}</ul>
      {isLong && (
        <div className="show-all">
          <Button type="link" size="small" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {isOpen ? t('showFewer') : t('showAll', { count: items.length })}
          </Button>
        </div>
      )}
    </>
  );
}
