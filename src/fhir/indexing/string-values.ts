import type { IndexSink } from './index-sink.ts';
import { isObject, itemsOf, textOf } from './json-value.ts';
import { hasHan, pinyinForms } from './pinyin.ts';

export function string(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (typeof value === 'string') sink.string(path, value);
}

/** A name in Chinese characters is found by its pinyin too, whole or by initials. */
function nameText(sink: IndexSink, path: number, text: string, beginsWithSurname: boolean): void {
  if (text === '') return;
  sink.string(path, text);
  if (!hasHan(text)) return;
  for (const form of pinyinForms(text, beginsWithSurname)) sink.string(path, form);
}

export function surname(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (typeof value === 'string') nameText(sink, path, value, true);
}

/** `HumanName.text` as a parameter of its own begins with the surname too, but no R4 parameter asks for it alone. */
export function namePart(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (typeof value === 'string') nameText(sink, path, value, false);
}

/** Chinese names are written surname first and without space. */
function assembledName(family: string, given: readonly unknown[]): string {
  const names = given.filter((name) => typeof name === 'string' && name !== '');
  if (family === '' || names.length === 0) return names.length > 1 ? names.join(' ') : '';
  return hasHan(family) ? family + names.join('') : `${names.join(' ')} ${family}`;
}

/** Every part, and the whole name: as its text says it, or assembled from family and given names. */
export function humanName(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (!isObject(value)) return;
  const family = textOf(value.family);
  const given = itemsOf(value.given);
  const whole = textOf(value.text) || assembledName(family, given);
  nameText(sink, path, family, true);
  for (const name of given) nameText(sink, path, textOf(name), false);
  for (const part of itemsOf(value.prefix)) string(sink, path, 0, part);
  for (const part of itemsOf(value.suffix)) string(sink, path, 0, part);
  if (whole !== family) nameText(sink, path, whole, true);
}

const addressParts = ['text', 'city', 'district', 'state', 'postalCode', 'country'] as const;

export function address(sink: IndexSink, path: number, _sibling: number, value: unknown): void {
  if (!isObject(value)) return;
  for (const line of itemsOf(value.line)) string(sink, path, 0, line);
  for (const part of addressParts) string(sink, path, 0, value[part]);
}
