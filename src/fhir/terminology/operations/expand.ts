import { inParameter, type Operation, outParameter } from '../../rest/operation.ts';
import { expandValueSet } from '../expand/expand.ts';
import type { Library } from '../library.ts';
import { commonParameters } from './parameters.ts';
import { answer, thresholdHeader } from './request.ts';
import { findTarget } from './target.ts';

/** As many members are given at once. */
export const expansionLimit = 10_000;

/** $expand of a ValueSet. */
export const expandOperation = (library: Library): Operation => ({
  name: 'expand',
  levels: ['type', 'instance'],
  types: ['ValueSet'],
  affectsState: false,
  title: 'Expand a value set',
  documentation: `Lists the members of a value set, at most ${expansionLimit} at a time; larger ones are paged by count and offset, or searched by filter.`,
  definition: 'http://hl7.org/fhir/OperationDefinition/ValueSet-expand',
  parameters: [
    inParameter('url', 'uri', 'Canonical address of the value set, perhaps with |version.'),
    inParameter('valueSet', 'ValueSet', 'The value set itself, in the place of its address.'),
    inParameter('valueSetVersion', 'string', 'Version of the value set.'),
    inParameter(
      'filter',
      'string',
      'Beginnings of words; Chinese is also found by any part and by pinyin. All must be found.',
    ),
    inParameter('offset', 'integer', 'How many members to leave out first.'),
    inParameter('count', 'integer', `How many members to give, ${expansionLimit} at most.`),
    inParameter('activeOnly', 'boolean', 'Leave out inactive codes.'),
    inParameter('excludeNested', 'boolean', 'Give a plain list, even where there is a hierarchy.'),
    inParameter('excludeNotForUI', 'boolean', 'Leave out abstract codes.'),
    inParameter('includeDesignations', 'boolean', 'Give other designations too.'),
    inParameter(
      'designation',
      'string',
      'Designations that are wanted: system|code of a use, or urn:ietf:bcp:47|language.',
      { max: '*' },
    ),
    inParameter('includeDefinition', 'boolean', 'Repeat the definition of the value set.'),
    inParameter('property', 'string', 'Properties of the concepts to give; * for all.', { max: '*' }),
    inParameter('exclude-system', 'canonical', 'A code system to leave out.', { max: '*' }),
    ...commonParameters,
    outParameter('return', 'ValueSet', 'The value set with its expansion.', { min: 1 }),
  ],
  run: (context, request) =>
    answer(library, context, request, 'expand', async ({ input: asked, scope }) => {
      const found = await findTarget(context, scope, asked, request);
      return expandValueSet(scope, found, limitOf(request.header(thresholdHeader)));
    }),
});

/** A client may want less. */
function limitOf(threshold: string | undefined): number {
  const wanted = Number(threshold);
  return threshold !== undefined && wanted > 0 && wanted < expansionLimit ? Math.floor(wanted) : expansionLimit;
}
