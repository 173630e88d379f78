import type { JsonObject } from '#lib/json/index.ts';
import type { OperationInput } from '../../rest/operation-input.ts';
import { objectsAt, textAt } from '../element.ts';
import { terminologyFault } from '../fault.ts';
import type { Coding } from '../validate/findings.ts';
import type { Question } from '../validate/validate-code.ts';

export const toCoding = (element: JsonObject): Coding => ({
  system: textAt(element, 'system'),
  version: textAt(element, 'version'),
  code: textAt(element, 'code'),
  display: textAt(element, 'display'),
});

/** The code, Coding or CodeableConcept that is asked about. */
export function readQuestion(input: OperationInput, isOfCodeSystem: boolean): Question {
  const codeableConcept = input.object('codeableConcept');
  if (codeableConcept) {
    const codings = objectsAt(codeableConcept, 'coding').map(toCoding);
    return { mode: 'codeableConcept', codings, codeableConcept, isOfCodeSystem };
  }
  const coding = input.object('coding');
  if (coding) return { mode: 'coding', codings: [toCoding(coding)], isOfCodeSystem };
  const code = input.text('code');
  const system = isOfCodeSystem ? (input.text('url') ?? input.text('system')) : input.text('system');
  const version = isOfCodeSystem ? input.text('version') : (input.text('systemVersion') ?? undefined);
  const mayInfer = isOfCodeSystem || input.text('inferSystem') === 'true';
  if (code === undefined || (system === undefined && !mayInfer)) {
    throw terminologyFault({
      status: 400,
      code: 'invalid',
      text: 'Send what to check: coding, codeableConcept, code with system, or code with inferSystem.',
    });
  }
  return { mode: 'code', codings: [{ system, version, code, display: input.text('display') }], isOfCodeSystem };
}
