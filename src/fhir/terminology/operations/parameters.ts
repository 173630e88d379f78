import type { OperationParameter } from '../../rest/operation.ts';

const input = (name: string, type: string, documentation: string, max: number | '*' = 1): OperationParameter => ({
  name,
  use: 'in',
  min: 0,
  max,
  type,
  documentation,
});

export const output = (
  name: string,
  type: string | undefined,
  documentation: string,
  min = 0,
  max: number | '*' = 1,
): OperationParameter => ({ name, use: 'out', min, max, ...(type && { type }), documentation });

export { input };

/** What all terminology operations take. */
export const commonParameters: readonly OperationParameter[] = [
  input('tx-resource', 'Resource', 'A CodeSystem, ValueSet or ConceptMap that only this request can see.', '*'),
  input('system-version', 'canonical', 'Version of a code system to take where none is named: system|version.', '*'),
  input('check-system-version', 'canonical', 'Version that a code system must have: system|version.', '*'),
  input('force-system-version', 'canonical', 'Version of a code system to take in any case: system|version.', '*'),
  input(
    'default-valueset-version',
    'canonical',
    'Version of a value set to take where none is named: url|version.',
    '*',
  ),
  input('useSupplement', 'canonical', 'A supplement to work into its code system.', '*'),
  input('displayLanguage', 'code', 'Languages in which displays are wanted, as in Accept-Language.'),
];

export const displayParameters: readonly OperationParameter[] = [
  input('lenient-display-validation', 'boolean', 'A wrong display is a warning, not an error.'),
  input('valueset-membership-only', 'boolean', 'Whether the code belongs, without looking at what else may be wrong.'),
];

export const validationResult: readonly OperationParameter[] = [
  output('result', 'boolean', 'Whether the code is valid.', 1),
  output('message', 'string', 'What is wrong, in words.'),
  output('display', 'string', 'A display of the code.'),
  output('code', 'code', 'The code that was checked.'),
  output('system', 'uri', 'Its code system, given or inferred.'),
  output('version', 'string', 'The version of the code system in which it was looked up.'),
  output('inactive', 'boolean', 'The code is not active.'),
  output('status', 'code', 'Its status, where it is not active or deprecated.'),
  output('normalized-code', 'code', 'The code as the code system writes it, where that differs.'),
  output('codeableConcept', 'CodeableConcept', 'The CodeableConcept that was checked.'),
  output('issues', 'OperationOutcome', 'What was found, with the places.'),
  output('x-unknown-system', 'canonical', 'A code system that is not known here.', 0, '*'),
  output('x-caused-by-unknown-system', 'canonical', 'A code system whose absence left the question open.', 0, '*'),
];
