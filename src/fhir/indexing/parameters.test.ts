import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resourceTypes } from '../definitions/index.ts';
import { firstCustomPath, lastPath, searchParameter, searchParametersOf } from './index.ts';

const paths = (type: string, code: string) => searchParameter(type, code)?.branches.map(({ path }) => path);

describe('searchParameter', () => {
  it('gives aliases the paths of what they stand for', () => {
    expect(paths('Observation', 'patient')).toEqual(paths('Observation', 'subject'));
    expect(searchParameter('Observation', 'patient')?.branches[0]?.targets).toEqual(['Patient']);
    expect(searchParameter('Observation', 'subject')?.branches[0]?.targets).toBeUndefined();
    expect(paths('Observation', 'combo-code')).toEqual([
      ...(paths('Observation', 'code') ?? []),
      ...(paths('Observation', 'component-code') ?? []),
    ]);
    expect(paths('Patient', 'phonetic')).toEqual(paths('Patient', 'name'));
  });

  it('takes the types of a choice as one path', () => {
    expect(searchParameter('Condition', 'onset-date')?.branches).toMatchObject([
      { expression: 'Condition.onset.as(Period) | Condition.onset.as(dateTime)', valueTypes: ['dateTime', 'Period'] },
    ]);
    expect(searchParameter('Observation', 'value-quantity')?.branches).toMatchObject([
      { expression: 'Observation.value.as(Quantity)', valueTypes: ['Quantity'] },
    ]);
  });

  it('knows what a reference may point to', () => {
    expect(searchParameter('Observation', 'patient')?.target).toEqual(['Patient']);
    expect(searchParameter('AllergyIntolerance', 'patient')?.target).toEqual(['Patient']);
    expect(searchParameter('Observation', 'subject')?.target).toEqual(['Group', 'Device', 'Patient', 'Location']);
    expect(searchParameter('List', 'item')?.target?.length).toBeGreaterThan(140);
  });

  it('has second paths for identifiers of a type and for logical references', () => {
    const [identifier] = searchParameter('Patient', 'identifier')?.branches ?? [];
    const [organization] = searchParameter('Patient', 'organization')?.branches ?? [];
    expect(identifier?.ofTypePath).toBeGreaterThan(0);
    expect(organization?.identifierPath).toBeGreaterThan(0);
    expect(searchParameter('Patient', 'gender')?.branches[0]).not.toHaveProperty('ofTypePath');
  });

  it('says which parts a composite has', () => {
    expect(searchParameter('Observation', 'combo-code-value-quantity')).toMatchObject({
      type: 'composite',
      branches: [{ valueTypes: ['Observation'] }, { valueTypes: ['Observation.component'] }],
      components: [
        { code: 'combo-code', type: 'token', expression: 'code', valueTypes: ['CodeableConcept'] },
        { code: 'combo-value-quantity', type: 'quantity', valueTypes: ['Quantity'] },
      ],
      indexed: true,
    });
    expect(paths('Observation', 'combo-code-value-quantity')).toEqual([
      ...(paths('Observation', 'code-value-quantity') ?? []),
      ...(paths('Observation', 'component-code-value-quantity') ?? []),
    ]);
    // R4 has exchanged the expressions of these two.
    expect(searchParameter('DocumentReference', 'relationship')?.components).toMatchObject([
      { code: 'relatesto', expression: 'target' },
      { code: 'relation', expression: 'code' },
    ]);
  });

  it('takes the parts of a composite from where their own parameters take them', () => {
    const [own, component] = searchParameter('Observation', 'combo-code-value-quantity')?.branches ?? [];
    expect(own?.parts?.map(({ path }) => path)).toEqual([
      ...(paths('Observation', 'code') ?? []),
      ...(paths('Observation', 'value-quantity') ?? []),
    ]);
    expect(component?.parts?.map(({ path }) => path)).toEqual([
      ...(paths('Observation', 'component-code') ?? []),
      ...(paths('Observation', 'component-value-quantity') ?? []),
    ]);
    const [variant] = searchParameter('MolecularSequence', 'chromosome-variant-coordinate')?.branches ?? [];
    expect(variant?.parts?.[0]?.expression).toBe('MolecularSequence.referenceSeq.chromosome');
  });

  it('marks what the resource table answers, and what is not indexed', () => {
    expect(searchParameter('Patient', '_id')).toMatchObject({ special: true, indexed: true, branches: [] });
    expect(searchParameter('Patient', '_lastUpdated')).toMatchObject({ special: true, type: 'date' });
    expect(searchParameter('Patient', '_text')).toMatchObject({ indexed: true, branches: [] });
    expect(searchParameter('Patient', '_query')).toMatchObject({ indexed: false, branches: [] });
    expect(searchParameter('Location', 'near')).toMatchObject({ type: 'special', indexed: true });
    expect(searchParameter('Bundle', '_text')).toBeUndefined();
  });

  it('knows nothing else', () => {
    expect(searchParameter('Patient', 'constructor')).toBeUndefined();
    expect(searchParameter('Patient', 'probability')).toBeUndefined();
    expect(searchParameter('Dragon', 'name')).toBeUndefined();
    expect(() => searchParametersOf('Dragon')).toThrow('Dragon is no R4 resource type');
  });
});

describe('the numbers of the paths', () => {
  const file = new URL('./generated/index-paths.json', import.meta.url);
  const numbers = Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>);

  it('are each given once, and fit the key of a reference', () => {
    expect(new Set(numbers.map(([, number]) => number)).size).toBe(numbers.length);
    expect(Math.max(...numbers.map(([, number]) => number))).toBeLessThan(firstCustomPath);
    expect(lastPath).toBe(2 ** 19 - 1);
  });

  it('mean one thing: no two parameters of different types share a path', () => {
    const kinds = new Map<number, string>();
    for (const plan of resourceTypes.flatMap(searchParametersOf)) {
      for (const { path, expression } of plan.branches) {
        const meaning = `${plan.type} ${plan.resourceType} ${expression}`;
        expect(kinds.get(path) ?? meaning).toBe(meaning);
        kinds.set(path, meaning);
      }
    }
  });

  it('of the first release stay as they are', () => {
    expect(paths('Account', 'identifier')).toEqual([5]);
    expect(paths('Observation', 'code')).toEqual([1830]);
    expect(paths('Patient', 'name')).toEqual([1981]);
    expect(paths('VisionPrescription', 'status')).toEqual([2751]);
  });
});
