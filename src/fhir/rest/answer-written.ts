import type { Issue } from '#lib/failure.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import { type Connection, nameOf, type Outcome, parseLiteralReference } from '../store/index.ts';
import { collectReferences } from '../validation/index.ts';
import { type Answer, answerOutcome, type Preferences } from './answer.ts';
import type { FhirContext } from './context.ts';

/**
 * The answer to a write. Where an OperationOutcome is preferred it warns of references to what is not there;
 * faults that a lenient policy let in are told in any case.
 */
export async function answerWritten(
  { store }: Pick<FhirContext, 'store'>,
  connection: Connection,
  outcome: Outcome | undefined,
  prefer: Preferences,
): Promise<Answer> {
  if (!outcome) throw new Error('A write has one outcome');
  const { issues = [] } = outcome;
  if (prefer.return !== 'OperationOutcome' || outcome.content === undefined) {
    return issues.length > 0 ? { ...answerOutcome(outcome, prefer), issues } : answerOutcome(outcome, prefer);
  }
  const references = collectReferences(parseJson(outcome.content) as JsonObject).flatMap(({ reference, path }) => {
    const target = parseLiteralReference(reference);
    return target ? [{ name: nameOf(target.type, target.id), path }] : [];
  });
  const absent = await store.findAbsent(connection, new Set(references.map(({ name }) => name)));
  const warnings = references.flatMap(({ name, path }): Issue[] => {
    const absence = absent.get(name);
    if (absence === undefined) return [];
    const diagnostics = `${name} ${absence === 'deleted' ? 'was deleted' : 'was never written'}.`;
    return [{ severity: 'warning', code: 'not-found', diagnostics, expression: path }];
  });
  const answer = answerOutcome(outcome, prefer, [...issues, ...warnings]);
  return issues.length > 0 ? { ...answer, issues } : answer;
}
