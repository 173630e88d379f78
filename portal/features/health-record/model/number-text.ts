import { valueText } from '../../../ui/quantity/quantity.ts';
import type { Reading } from './reading.ts';

/** "7.4", "152/88". */
export function numberText({ value, diastolic }: Pick<Reading, 'value' | 'diastolic'>, decimals?: number): string {
  if (value === undefined) return '';
  return diastolic === undefined ? valueText(value, decimals) : `${valueText(value, 0)}/${valueText(diastolic, 0)}`;
}
