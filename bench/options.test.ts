import { describe, expect, it } from 'vitest';
import { parseOptions, scenarioNames } from './options.ts';

describe('options', () => {
  it('run everything when nothing is named', () => {
    expect(parseOptions([])).toMatchObject({ scenarios: scenarioNames, limit: 1_000_000, isBaseline: false });
  });

  it('keep the order of the run, whatever the order of the names', () => {
    expect(parseOptions(['search', 'import', '--limit', '5000']).scenarios).toEqual(['import', 'search']);
  });

  it('refuse what they do not know', () => {
    expect(() => parseOptions(['reed'])).toThrow('There is no scenario "reed"');
    expect(() => parseOptions(['--limit', 'many'])).toThrow('npm run bench');
    expect(() => parseOptions(['read', '--save'])).toThrow('A baseline is a whole run');
    expect(() => parseOptions(['--data', '/nowhere'])).toThrow('There is no /nowhere');
  });
});
