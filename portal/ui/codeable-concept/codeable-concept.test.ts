import { expect, test } from 'vitest';
import { codeIn, conceptText } from './codeable-concept.ts';

const hypertension = {
  text: '原发性高血压',
  coding: [{ system: 'http://hl7.org/fhir/sid/icd-10', code: 'I10', display: 'Essential hypertension' }],
};

test('a concept is worded in the language of the reader', () => {
  expect(conceptText(hypertension, 'en')).toBe('Essential hypertension');
  expect(conceptText(hypertension, 'zh-CN')).toBe('原发性高血压');
});

test('a wording in another language is better than none, and a code better than nothing', () => {
  expect(conceptText({ text: 'Fall' }, 'zh-CN')).toBe('Fall');
  expect(conceptText({ coding: [{ code: 'W19' }] }, 'en')).toBe('W19');
  expect(conceptText(undefined, 'en')).toBe('');
});

test('a translation extension counts as a wording', () => {
  const translated = {
    coding: [
      {
        code: 'I10',
        display: '原发性高血压',
        _display: {
          extension: [
            {
              url: 'http://hl7.org/fhir/StructureDefinition/translation',
              extension: [
                { url: 'lang', valueCode: 'en' },
                { url: 'content', valueString: 'Essential hypertension' },
              ],
            },
          ],
        },
      },
    ],
  };
  expect(conceptText(translated, 'en')).toBe('Essential hypertension');
});

test('a code is found by its system', () => {
  expect(codeIn(hypertension, 'http://hl7.org/fhir/sid/icd-10')).toBe('I10');
  expect(codeIn(hypertension, 'http://loinc.org')).toBeUndefined();
});
