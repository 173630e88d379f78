import type { Division } from '../divisions.ts';
import type { Words } from '../fhir.ts';
import { pinyinWord } from '../pinyin.ts';
import { placeCore } from '../place-names.ts';
import { elementAt } from '../random.ts';
import { communityWords, hospitalWords, pharmacyWords, villageWords } from '../tables/institution-names.ts';

/** The place as institutions of its level write it in English: a county with its kind, a city and a province without. */
function place({ level, name }: Division): string {
  return level === 'county' ? name.en : pinyinWord(placeCore(name.zh));
}

export function hospitalName(division: Division, turn: number, kind: Words = { zh: '医院', en: 'Hospital' }): Words {
  const word = elementAt(hospitalWords, turn % hospitalWords.length);
  return { zh: `${division.name.zh}${word}${kind.zh}`, en: `${place(division)} ${pinyinWord(word)} ${kind.en}` };
}

export function officeName(division: Division, zh: string, en: string): Words {
  return { zh: `${division.name.zh}${zh}`, en: `${place(division)} ${en}` };
}

export function commissionName(division: Division): Words {
  return division.level === 'county'
    ? officeName(division, '卫生健康局', 'Health Bureau')
    : officeName(division, '卫生健康委员会', 'Health Commission');
}

export function centreName(township: Division): Words {
  const core = pinyinWord(placeCore(township.name.zh));
  return isStreet(township)
    ? { zh: `${township.name.zh}社区卫生服务中心`, en: `${core} Community Health Service Centre` }
    : { zh: `${township.name.zh}卫生院`, en: `${core} Township Health Centre` };
}

export function pharmacyName(township: Division, turn: number): Words {
  const word = elementAt(pharmacyWords, turn % pharmacyWords.length);
  const core = placeCore(township.name.zh);
  return {
    zh: `${word}（${core}店）`,
    en: `${pinyinWord(word.replace(/大药房|药店/, ''))} Pharmacy, ${pinyinWord(core)}`,
  };
}

export function isStreet(township: Division): boolean {
  return township.code.charAt(6) === '0';
}

/** The villages of a township: streets have residents' communities, towns one community and villages around it. */
export function villagesOf(township: Division, count: number): Division[] {
  const seed = Number(township.code.slice(4));
  return Array.from({ length: count }, (_, index) => {
    const isCommunity = isStreet(township) || index === 0;
    const words = isCommunity ? communityWords : villageWords;
    const word = elementAt(words, (seed * 7 + index) % words.length);
    const serial = isCommunity ? index + 1 : 100 + index;
    return {
      level: 'village',
      code: `${township.code}${String(serial).padStart(3, '0')}`,
      name: isCommunity
        ? { zh: `${word}社区`, en: `${pinyinWord(word)} Community` }
        : { zh: `${word}村`, en: `${pinyinWord(word)} Village` },
      parent: township,
    };
  });
}

export function clinicName(village: Division): Words {
  const word = village.name.zh.replace(/(社区|村)$/, '');
  return village.name.zh.endsWith('社区')
    ? { zh: `${word}社区卫生服务站`, en: `${pinyinWord(word)} Community Health Station` }
    : { zh: `${word}村卫生室`, en: `${pinyinWord(word)} Village Clinic` };
}
