import { describe, expect, it } from 'vitest';
import { vocabulary } from '../vocabulary.ts';
import { checkGrade, type Inventory } from './check-grade.ts';
import { checklists, isOfFigure } from './requirement.ts';

const secondary = checklists.get('general-hospital-2');
if (!secondary) throw new Error('There is no checklist of secondary general hospitals');

const nobody: Inventory = { figures: {}, departments: new Set(), staff: [] };
const state = (inventory: Partial<Inventory>, id: string) =>
  checkGrade(secondary, { ...nobody, ...inventory }).find((finding) => finding.id === id)?.state;
const many = (count: number, role: string, title?: string) =>
  Array.from({ length: count }, () => ({ roles: [role], title }));

describe('the checklist of a secondary general hospital', () => {
  it.each([
    [undefined, 'unknown'],
    [99, 'unmet'],
    [100, 'met'],
    [499, 'met'],
    [500, 'unmet'],
  ])('with %s beds declared is %s', (beds, expected) => {
    expect(state({ figures: beds === undefined ? {} : { beds } }, 'beds')).toBe(expected);
  });

  it('counts staff for each bed, and rounds against the institution', () => {
    const figures = { beds: 100 };
    expect(state({ figures, staff: many(88, 'physician') }, 'staff-per-bed')).toBe('met');
    expect(state({ figures, staff: many(87, 'physician') }, 'staff-per-bed')).toBe('unmet');
    expect(state({ figures, staff: many(40, 'nurse') }, 'nurses-per-bed')).toBe('met');
    expect(state({ staff: many(88, 'physician') }, 'staff-per-bed')).toBe('unknown');
  });

  it('asks for three of associate chief rank', () => {
    expect(state({ staff: many(2, 'physician', '011') }, 'chiefs')).toBe('unmet');
    expect(state({ staff: [...many(2, 'physician', '011'), ...many(1, 'physician', '010')] }, 'chiefs')).toBe('met');
    expect(state({ staff: many(3, 'nurse', '010') }, 'chiefs')).toBe('unmet');
  });

  it('finds a department in one within it', () => {
    expect(state({ departments: new Set(['03.04']) }, 'department.03')).toBe('met');
    expect(state({ departments: new Set(['30']) }, 'department.03')).toBe('unmet');
  });
});

describe('checklists', () => {
  it('name departments, roles, titles and figures of the vocabulary, each requirement once', () => {
    expect(checklists.size).toBeGreaterThan(20);
    for (const [name, { kind, requirements }] of checklists) {
      expect(vocabulary.kinds.has(kind), name).toBe(true);
      expect(new Set(requirements.map(({ id }) => id)).size, name).toBe(requirements.length);
      for (const requirement of requirements) {
        if (requirement.is === 'department')
          for (const code of requirement.anyOf) expect(vocabulary.departments.has(code), code).toBe(true);
        else if (isOfFigure(requirement))
          expect(vocabulary.figures.has(requirement.figure), requirement.figure).toBe(true);
        else {
          for (const role of requirement.roles ?? []) expect(vocabulary.roles.has(role), role).toBe(true);
          for (const title of requirement.titles ?? []) expect(vocabulary.titles.has(title), title).toBe(true);
        }
      }
    }
  });
});
