import { Failure } from '#lib/failure.ts';
import { inParameter, type Operation, outParameter } from '../../rest/operation.ts';
import { textAt } from '../element.ts';
import type { Library } from '../library.ts';
import { subsumes } from '../subsumes.ts';
import { commonParameters } from './parameters.ts';
import { answer } from './request.ts';
import { instanceSystem } from './target.ts';

/** $subsumes of a CodeSystem. */
export const subsumesOperation = (library: Library): Operation => ({
  name: 'subsumes',
  levels: ['type', 'instance'],
  types: ['CodeSystem'],
  affectsState: false,
  title: 'Compare two codes of a hierarchy',
  documentation: 'Whether code A subsumes code B, is subsumed by it, is the same, or neither.',
  definition: 'http://hl7.org/fhir/OperationDefinition/CodeSystem-subsumes',
  parameters: [
    inParameter('codeA', 'code', 'The one code.'),
    inParameter('codeB', 'code', 'The other code.'),
    inParameter('codingA', 'Coding', 'In the place of codeA and system.'),
    inParameter('codingB', 'Coding', 'In the place of codeB and system.'),
    inParameter('system', 'uri', 'The code system of both.'),
    inParameter('version', 'string', 'Its version.'),
    ...commonParameters,
    outParameter('outcome', 'code', 'equivalent, subsumes, subsumed-by or not-subsumed.', { min: 1 }),
  ],
  run: (context, request) =>
    answer(library, context, request, 'subsumes', async (all) => {
      const { input: asked, scope } = all;
      const [codingA, codingB] = [asked.object('codingA'), asked.object('codingB')];
      const [codeA, codeB] = [
        textAt(codingA, 'code') ?? asked.text('codeA'),
        textAt(codingB, 'code') ?? asked.text('codeB'),
      ];
      const instance = await instanceSystem(all);
      const systems = [textAt(codingA, 'system'), textAt(codingB, 'system')].filter((one) => one !== undefined);
      const system = instance?.system ?? asked.text('system') ?? systems[0];
      if (codeA === undefined || codeB === undefined || system === undefined) {
        throw new Failure('required', 'Name codeA, codeB and their system, or send codingA and codingB.');
      }
      if (systems.some((one) => one !== system)) {
        throw new Failure('value', 'Both codes must be of the same code system.');
      }
      const version = instance?.version ?? asked.text('version') ?? textAt(codingA, 'version');
      return subsumes(scope, system, version, codeA, codeB);
    }),
});
