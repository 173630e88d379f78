import { inParameter, type OperationParameter, outParameter } from '../../rest/operation.ts';

/** What all terminology operations take. */
export const commonParameters: readonly OperationParameter[] = [
  inParameter('tx-resource', 'Resource', 'A CodeSystem, ValueSet or ConceptMap that only this request can see.', {
    max: '*',
  }),
  inParameter('system-version', 'canonical', 'Version of a code system to take where none is named: system|version.', {
    max: '*',
  }),
  inParameter('check-system-version', 'canonical', 'Version that a code system must have: system|version.', {
    max: '*',
  }),
  inParameter('force-system-version', 'canonical', 'Version of a code system to take in any case: system|version.', {
    max: '*',
  }),
  inParameter(
    'default-valueset-version',
    'canonical',
    'Version of a value set to take where none is named: url|version.',
    { max: '*' },
  ),
  inParameter('useSupplement', 'canonical', 'A supplement to work into its code system.', { max: '*' }),
  inParameter('displayLanguage', 'code', 'Languages in which displays are wanted, as in Accept-Language.'),
];

export const displayParameters: readonly OperationParameter[] = [
  inParameter('lenient-display-validation', 'boolean', 'A wrong display is a warning, not an error.'),
  inParameter(
    'valueset-membership-only',
    'boolean',
    'Whether the code belongs, without looking at what else may be wrong.',
  ),
];

export const validationResult: readonly OperationParameter[] = [
  outParameter('result', 'boolean', 'Whether the code is valid.', { min: 1 }),
  outParameter('message', 'string', 'What is wrong, in words.'),
  outParameter('display', 'string', 'A display of the code.'),
  outParameter('code', 'code', 'The code that was checked.'),
  outParameter('system', 'uri', 'Its code system, given or inferred.'),
  outParameter('version', 'string', 'The version of the code system in which it was looked up.'),
  outParameter('inactive', 'boolean', 'The code is not active.'),
  outParameter('status', 'code', 'Its status, where it is not active or deprecated.'),
  outParameter('normalized-code', 'code', 'The code as the code system writes it, where that differs.'),
  outParameter('codeableConcept', 'CodeableConcept', 'The CodeableConcept that was checked.'),
  outParameter('issues', 'OperationOutcome', 'What was found, with the places.'),
  outParameter('x-unknown-system', 'canonical', 'A code system that is not known here.', { max: '*' }),
  outParameter('x-caused-by-unknown-system', 'canonical', 'A code system whose absence left the question open.', {
    max: '*',
  }),
];
