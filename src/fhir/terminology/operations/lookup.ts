import { Failure } from '#lib/failure.ts';
import { inParameter, type Operation, outParameter } from '../../rest/operation.ts';
import type { Library } from '../library.ts';
import { lookUp } from '../lookup.ts';
import { splitCanonical } from '../version.ts';
import { toCoding } from './coding-question.ts';
import { commonParameters } from './parameters.ts';
import { answer } from './request.ts';
import { instanceSystem } from './target.ts';

/** $lookup of a CodeSystem. */
export const lookupOperation = (library: Library): Operation => ({
  name: 'lookup',
  levels: ['type', 'instance'],
  types: ['CodeSystem'],
  affectsState: false,
  title: 'Look a code up',
  documentation:
    'What a code system says of a code: display, definition, designations, properties, parents and children.',
  definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-lookup',
  parameters: [
    inParameter('code', 'code', 'The code, with system.'),
    inParameter('system', 'uri', 'Its code system, perhaps with |version.'),
    inParameter('version', 'string', 'Version of the code system.'),
    inParameter('coding', 'Coding', 'In the place of code and system.'),
    inParameter('property', 'code', 'Properties that are wanted; all, when none is named.', { max: '*' }),
    ...commonParameters,
    outParameter('code', 'code', 'The code.'),
    outParameter('system', 'uri', 'Its code system.'),
    outParameter('name', 'string', 'Name of the code system.', { min: 1 }),
    outParameter('version', 'string', 'Its version.'),
    outParameter('display', 'string', 'The display, in the language that is wanted.', { min: 1 }),
    outParameter('definition', 'string', 'The definition.'),
    outParameter('abstract', 'boolean', 'Whether it only groups others.'),
    outParameter('designation', undefined, 'language, use and value of a designation.', { max: '*' }),
    outParameter(
      'property',
      undefined,
      'code, value and description of a property, parent, child and inactive among them.',
      { max: '*' },
    ),
  ],
  run: (context, request) =>
    answer(library, context, request, 'lookup', async (all) => {
      const { input: asked, scope } = all;
      const coding = asked.object('coding');
      const given = coding && toCoding(coding);
      const instance = await instanceSystem(all);
      const named = splitCanonical(
        instance?.system ?? given?.system ?? asked.text('system') ?? asked.text('url') ?? '',
      );
      const code = given?.code ?? asked.text('code');
      if (code === undefined || named.url === '')
        throw new Failure('required', 'Name code and system, or send a coding.');
      const version = instance?.version ?? given?.version ?? asked.text('version') ?? named.version;
      return lookUp(scope, named.url, version, code);
    }),
});
