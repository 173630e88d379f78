import { describe, expect, test } from 'vitest';
import { emptyRegistration, missingOf, patientToRegister } from './new-patient.ts';

const now = new Date('2026-11-25T10:20:30Z');

describe('a person to be registered', () => {
  test('has only what was filled in', () => {
    const form = { ...emptyRegistration, name: ' 林素琴 ', sex: 'female' as const };
    expect(patientToRegister(form, now, '无名氏')).toEqual({
      resourceType: 'Patient',
      active: true,
      name: [{ use: 'official', text: '林素琴' }],
      gender: 'female',
    });
  });

  test('without a name yet is the child of the mother, told from a twin by order and time', () => {
    const form = {
      ...emptyRegistration,
      kind: 'newborn' as const,
      motherName: '王芳',
      motherId: '11010519491231002x',
      sex: 'male' as const,
      birthDate: '2026-11-25',
      birthTime: '09:05',
      birthOrder: '2',
    };
    expect(patientToRegister(form, now, '')).toMatchObject({
      name: [{ use: 'temp', text: '王芳之子' }],
      multipleBirthInteger: 2,
      _birthDate: { extension: [{ valueDateTime: '2026-11-25T09:05:00+08:00' }] },
      extension: [{ valueReference: { identifier: { value: '11010519491231002X' } } }],
      contact: [{ name: { text: '王芳' } }],
    });
  });

  test('whom nobody knows bears the time', () => {
    const form = { ...emptyRegistration, kind: 'unknown' as const };
    expect(patientToRegister(form, now, '无名氏').name).toEqual([{ use: 'temp', text: '无名氏 2026-11-25 10:20' }]);
    expect(missingOf(form)).toEqual([]);
  });

  test.each([
    [{ kind: 'resident' as const }, ['name']],
    [{ kind: 'newborn' as const }, ['motherName', 'birthDate']],
    [{ kind: 'resident' as const, name: 'x', idNumber: '123' }, ['idNumber']],
    [{ kind: 'resident' as const, name: 'x', idNumber: '11010519491231002X' }, []],
  ])('%j lacks %j', (form, missing) => {
    expect(missingOf({ ...emptyRegistration, ...form })).toEqual(missing);
  });
});
