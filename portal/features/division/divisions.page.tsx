import { Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Card } from '../../ui/card/card.tsx';
import { Icon } from '../../ui/icon/icon.tsx';
import { usePageTitle } from '../../ui/page-title/use-page-title.ts';
import { SkeletonRows } from '../../ui/skeleton/skeleton.tsx';
import { Empty, Nothing } from '../../ui/states/empty.tsx';
import { QueryContent } from '../../ui/states/query-content.tsx';
import { useFoundDivisions } from './division.resource.ts';
import { DivisionFacts } from './division-facts.panel.tsx';
import { Branch } from './tree.panel.tsx';
import './division.css';

const nation = '000000';
const typingPauseMs = 250;

/** The tree of places, opened level by level, or searched; the one that is looked at stands in the address. */
export function DivisionsPage() {
  const { t } = useTranslation('division');
  usePageTitle(t('title'));
  const [address, setAddress] = useSearchParams();
  const text = address.get('q') ?? '';
  const code = address.get('code') ?? '';
  const choose = (changes: Record<string, string>) => {
    const next = new URLSearchParams(address);
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') next.delete(name);
      else next.set(name, value);
    }
    setAddress(next, { replace: true });
  };
  const onChoose = (chosen: string) => choose({ code: chosen });
  return (
    <div className="division-page">
      <div className="division-head">
        <h1 className="division-title">{t('title')}</h1>
        <SearchField text={text} onSearch={(q) => choose({ q })} />
      </div>
      <div className="division-columns">
        <Card title={text === '' ? t('tree') : t('found')}>
          {text === '' ? (
            <ul className="division-tree">
              <Branch parent={nation} chosen={code} onChoose={onChoose} isOpen />
            </ul>
          ) : (
            <Found text={text} onChoose={onChoose} chosen={code} />
          )}
        </Card>
        <div>{code === '' ? <Nothing>{t('choose')}</Nothing> : <DivisionFacts code={code} onChoose={onChoose} />}</div>
      </div>
    </div>
  );
}

function SearchField({ text, onSearch }: { text: string; onSearch: (text: string) => void }) {
  const { t } = useTranslation('division');
  const [typed, setTyped] = useState(text);
  useEffect(() => {
    if (typed.trim() === text) return;
    const timer = setTimeout(() => onSearch(typed.trim()), typingPauseMs);
    return () => clearTimeout(timer);
  });
  return (
    <Input
      className="division-search"
      prefix={<Icon name="search" />}
      placeholder={t('search')}
      aria-label={t('search')}
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
      allowClear
    />
  );
}

function Found({ text, chosen, onChoose }: { text: string; chosen: string; onChoose: (code: string) => void }) {
  const { t, i18n } = useTranslation('division');
  const found = useFoundDivisions(text);
  const isEnglish = i18n.language === 'en';
  return (
    <QueryContent query={found} failureTitle={t('failed')} skeleton={<SkeletonRows columns={[3, 1]} rows={8} />}>
      {({ divisions, hasMore }) => (
        <>
          {divisions.length === 0 && <Empty title={t('none')} text={t('noneText')} />}
          <ul className="division-tree">
            {divisions.map(({ code, name, english, branch }) => (
              <li key={code}>
                <button
                  type="button"
                  className="division-row"
                  aria-pressed={code === chosen}
                  onClick={() => onChoose(code)}
                >
                  <span>{isEnglish ? english : name}</span>
                  <span className="muted small">
                    {branch
                      .slice(1)
                      .map((place) => (isEnglish ? place.english : place.name))
                      .join(isEnglish ? ', ' : ' ')}
                  </span>
                  <span className="division-code muted figures">{code}</span>
                </button>
              </li>
            ))}
          </ul>
          {hasMore && <Nothing>{t('narrow')}</Nothing>}
        </>
      )}
    </QueryContent>
  );
}
