import { Failure } from '#lib/failure.ts';
import type { Operation } from '../../rest/operation.ts';
import type { Library } from '../library.ts';
import { lookUp } from '../lookup.ts';
import { splitCanonical } from '../version.ts';
import { toCoding } from './coding-question.ts';
import { commonParameters, input, output } from './parameters.ts';
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
    input('code', 'code', 'The code, with system.'),
    input('system', 'uri', 'Its code system, perhaps with |version.'),
    input('version', 'string', 'Version of the code system.'),
    input('coding', 'Coding', 'In the place of code and system.'),
    input('property', 'code', 'Properties that are wanted; all, when none is named.', '*'),
    ...commonParameters,
    output('code', 'code', 'The code.'),
    output('system', 'uri', 'Its code system.'),
    output('name', 'string', 'Name of the code system.', 1),
    output('version', 'string', 'Its version.'),
    output('display', 'string', 'The display, in the language that is wanted.', 1),
    output('definition', 'string', 'The definition.'),
    output('abstract', 'boolean', 'Whether it only groups others.'),
    output('designation', undefined, 'language, use and value of a designation.', 0, '*'),
    output(
      'property',
      undefined,
      'code, value and description of a property, parent, child and inactive among them.',
      0,
      '*',
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
