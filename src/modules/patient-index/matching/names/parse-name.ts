import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';
import type { HanName, LatinName } from '../person.ts';
import { latinLetters } from './latin.ts';
import { foldVariants } from './variants.ts';

const han = /\p{Script=Han}/u;
const newbornEnding = /(?:之?(?:子|女|婴|嬰)(?:[一二三四五六甲乙丙丁大小]|\d)?|婴儿|嬰兒|男婴|女婴)$/u;
const unknownName = /^(?:无名|無名|不详|不詳|未知|佚名|unknown|no ?name|test patient)/iu;

export interface ParsedNames {
  han: HanName[];
  latin: LatinName[];
  isNewborn: boolean;
  /** Of whom a newborn without a name is the child. */
  motherName: string | undefined;
}

/** What is more is no name. */
const mostParts = 10;
const longest = 100;

const texts = (value: JsonValue | undefined): string[] =>
  (Array.isArray(value) ? value : [value])
    .filter((each): each is string => typeof each === 'string')
    .slice(0, mostParts)
    .map((each) => each.slice(0, longest));

interface WrittenName {
  family: string;
  given: string;
  text: string;
}

function writtenName(name: JsonObject): WrittenName {
  const family = texts(name.family).join(' ').normalize('NFKC');
  const given = texts(name.given).join(' ').normalize('NFKC');
  return { family, given, text: texts(name.text).join(' ').normalize('NFKC') };
}

/** 王 芳之子 and its like: a child that has no name yet. Two characters alone, such as 王子, are a name. */
function newbornOf(text: string): string | undefined {
  const mother = text.replace(newbornEnding, '');
  return mother !== text && [...mother].length >= 2 && /[之婴嬰]/u.test(text) ? mother : undefined;
}

/** Names of a Patient, former ones included: in characters, and in Latin letters. */
export function parseNames(value: JsonValue | undefined): ParsedNames {
  const parsed: ParsedNames = { han: [], latin: [], isNewborn: false, motherName: undefined };
  for (const name of Array.isArray(value) ? value.filter(isJsonObject) : []) {
    const { family, given, text } = writtenName(name);
    const whole = text || (han.test(family + given) ? family + given : `${given} ${family}`.trim());
    if (whole === '' || unknownName.test(whole)) continue;
    if (han.test(whole)) addHan(parsed, whole);
    else addLatin(parsed, family, given, whole);
  }
  return parsed;
}

function addHan(parsed: ParsedNames, whole: string): void {
  const text = whole.replace(/[^\p{L}\p{N}]/gu, '');
  const folded = foldVariants(text);
  const mother = newbornOf(folded);
  if (mother !== undefined) {
    parsed.isNewborn = true;
    parsed.motherName = mother;
  }
  if (!parsed.han.some((known) => known.text === text)) parsed.han.push({ text, folded });
}

function addLatin(parsed: ParsedNames, family: string, given: string, whole: string): void {
  const words = whole.split(/[\s,]+/).map(latinLetters);
  const hasParts = family !== '' || given !== '';
  const name = hasParts
    ? { family: latinLetters(family), given: latinLetters(given) }
    : { family: words.at(-1) ?? '', given: words.slice(0, -1).join('') };
  if (name.family === '' && name.given === '') return;
  if (!parsed.latin.some((known) => known.family === name.family && known.given === name.given)) {
    parsed.latin.push(name);
  }
}
