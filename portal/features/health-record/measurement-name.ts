import { useTranslation } from 'react-i18next';
import { language } from '../../settings/language.ts';
import { conceptText } from '../../ui/codeable-concept/codeable-concept.ts';
import type { Measurement } from './model/measurement.ts';

/** What measurements are called here; residents read the everyday name with the term in brackets. */
const wordByCode = {
  '85354-9': 'pressure',
  '55284-4': 'pressure',
  '4548-4': 'hba1c',
  '1558-6': 'fastingGlucose',
  '14771-0': 'fastingGlucose',
  '33914-3': 'egfr',
  '62238-1': 'egfr',
  '98979-8': 'egfr',
  '29463-7': 'weight',
  '39156-5': 'bmi',
  '22748-8': 'ldl',
  '13457-7': 'ldl',
  '14682-9': 'creatinine',
  '2160-0': 'creatinine',
  '8867-4': 'heartRate',
} as const;

const isKnown = (code: string): code is keyof typeof wordByCode => code in wordByCode;

export function useMeasurementName(isOwn: boolean): (measurement: Pick<Measurement, 'code' | 'concept'>) => string {
  const { t } = useTranslation('health-record');
  const locale = language.use();
  return ({ code, concept }) => {
    if (!isKnown(code)) return conceptText(concept, locale);
    return t(`measurement.${isOwn ? 'plain' : 'clinical'}.${wordByCode[code]}`);
  };
}
