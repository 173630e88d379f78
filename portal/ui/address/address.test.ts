import { expect, test } from 'vitest';
import { addressText, homeAddress } from './address.ts';

test('a Chinese address runs from the province to the door', () => {
  const address = {
    line: ['小寒村 6 组 18 号'],
    district: '百威县',
    city: '云汀市',
    state: '岚江省',
    postalCode: '410102',
  };
  expect(addressText(address)).toBe('岚江省云汀市百威县小寒村 6 组 18 号');
});

test('any other runs from the door outwards', () => {
  expect(addressText({ line: ['1 Elm St'], city: 'Boston', state: 'MA', postalCode: '02108' })).toBe(
    '1 Elm St, Boston, MA, 02108',
  );
});

test('the current home comes before any other address', () => {
  expect(
    homeAddress([
      { use: 'old', text: 'a' },
      { use: 'work', text: 'b' },
      { use: 'home', text: 'c' },
    ])?.text,
  ).toBe('c');
});
