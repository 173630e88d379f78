import type { Quantity, Range } from 'fhir/r4.js';
import type { Language } from '../../settings/language.ts';
import { isChinese } from '../human-name/human-name.ts';

// How clinicians write the UCUM units that the machine reads. https://ucum.org
const writtenUnits: Record<string, string> = {
  'mm[Hg]': 'mmHg',
  Cel: '°C',
  'umol/L': 'µmol/L',
  'ug/L': 'µg/L',
  'ug/dL': 'µg/dL',
  'kg/m2': 'kg/m²',
  'mL/min/{1.73_m2}': 'mL/min/1.73 m²',
  'mL/min': 'mL/min',
  '10*9/L': '10⁹/L',
  '10*12/L': '10¹²/L',
  '10*3/uL': '10³/µL',
  '10*6/uL': '10⁶/µL',
  '{score}': '',
  '{index}': '',
  '1': '',
};

/** A unit that the record writes in Chinese only is told by its code to those who do not read it. */
export function unitText({ code, unit }: Quantity, language: Language): string {
  const written = code === undefined ? undefined : writtenUnits[code];
  if (written !== undefined) return written;
  const isForeign = unit !== undefined && isChinese(unit) && language !== 'zh-CN';
  return (isForeign ? code?.replaceAll(/[{}]/g, '') : unit) ?? code ?? '';
}

/** As many decimals as the measurement is reported with; without that knowledge, as many as the number has (at most two). */
export function valueText(value: number, decimals?: number): string {
  return decimals === undefined ? String(Math.round(value * 100) / 100) : value.toFixed(decimals);
}

/** "3.9 to 6.1", "< 7.0", "≥ 60"; `to` is the word between two bounds. */
export function rangeText({ low, high }: Pick<Range, 'low' | 'high'>, to: string, decimals?: number): string {
  const write = (bound: Quantity) => valueText(bound.value ?? 0, decimals);
  if (low?.value !== undefined && high?.value !== undefined) return `${write(low)} ${to} ${write(high)}`;
  if (high?.value !== undefined) return `${high.comparator === '<' ? '<' : '≤'} ${write(high)}`;
  if (low?.value !== undefined) return `≥ ${write(low)}`;
  return '';
}
