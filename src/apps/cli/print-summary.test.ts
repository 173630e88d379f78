import { expect, test } from 'vitest';
import { printSummary } from './print-summary.ts';

test('the summary has a line for each type and a column for each fate that occurred', () => {
  const text = printSummary({
    counts: { Patient: { created: 1234, rejected: 1 }, '': { rejected: 2 }, Basic: { unchanged: 7 } },
    accepted: 1241,
    rejected: 3,
    ignored: 0,
    isContinued: false,
  });
  expect(text.split('\n')).toEqual([
    '              created  unchanged  rejected',
    '(unreadable)        0          0         2',
    'Basic               0          7         0',
    'Patient         1,234          0         1',
    'All             1,234          7         3',
    '',
    '1,241 resources, 3 rejected.',
  ]);
});
