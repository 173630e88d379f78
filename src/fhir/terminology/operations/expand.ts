import type { Operation } from '../../rest/operation.ts';
import { expandValueSet } from '../expand/expand.ts';
import type { Library } from '../library.ts';
import { commonParameters, input, output } from './parameters.ts';
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
    input('url', 'uri', 'Canonical address of the value set, perhaps with |version.'),
    input('valueSet', 'ValueSet', 'The value set itself, in the place of its address.'),
    input('valueSetVersion', 'string', 'Version of the value set.'),
    input(
      'filter',
      'string',
      'Beginnings of words; Chinese is also found by any part and by pinyin. All must be found.',
    ),
    input('offset', 'integer', 'How many members to leave out first.'),
    input('count', 'integer', `How many members to give, ${expansionLimit} at most.`),
    input('activeOnly', 'boolean', 'Leave out inactive codes.'),
    input('excludeNested', 'boolean', 'Give a plain list, even where there is a hierarchy.'),
    input('excludeNotForUI', 'boolean', 'Leave out abstract codes.'),
    input('includeDesignations', 'boolean', 'Give other designations too.'),
    input(
      'designation',
      'string',
      'Designations that are wanted: system|code of a use, or urn:ietf:bcp:47|language.',
      '*',
    ),
    input('includeDefinition', 'boolean', 'Repeat the definition of the value set.'),
    input('property', 'string', 'Properties of the concepts to give; * for all.', '*'),
    input('exclude-system', 'canonical', 'A code system to leave out.', '*'),
    ...commonParameters,
    output('return', 'ValueSet', 'The value set with its expansion.', 1),
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
