import { Fragment } from 'react';
import { mainName, type PersonName } from './human-name.ts';
import './human-name.css';

/** Characters first, then pinyin; neither is ever split or cut. */
export function NameText({ name }: { name: PersonName }) {
  return (
    <span className="name">
      <span className="name-main" lang={name.characters ? 'zh-CN' : undefined}>
        <Breakable text={mainName(name)} />
      </span>
      {name.characters && name.latin && (
        <>
          {' '}
          <span className="name-latin" lang="zh-Latn">
            {name.latin}
          </span>
        </>
      )}
    </span>
  );
}

/** Where even one line is too short for a name, it may go on after a middle dot, and nowhere else. */
function Breakable({ text }: { text: string }) {
  return text.split('·').map((part, index) => (
    <Fragment key={part}>
      {index > 0 && (
        <>
          ·<wbr />
        </>
      )}
      {part}
    </Fragment>
  ));
}
