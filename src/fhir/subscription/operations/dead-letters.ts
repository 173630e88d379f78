import { type Operation, readOperationInput } from '../../rest/index.ts';
import { nameOf, typeOfRid } from '../../store/index.ts';
import { readVersions } from '../delivery/compose.ts';
import { selectLetters } from '../queries.ts';
import { numberOf } from './events.ts';
import { type OperationDependencies, subscriptionOf } from './subscription-of.ts';

const mostLetters = 500;

export const deadLettersOperation = (deps: OperationDependencies): Operation => ({
  name: 'dead-letters',
  levels: ['instance'],
  types: ['Subscription'],
  affectsState: false,
  title: 'Events that a receiver refused',
  documentation: `Events that were set aside because the receiver refused them for what they are, with the reasons; at most ${mostLetters} at a time. $resend sends them once more.`,
  parameters: [
    { name: 'after', use: 'in', min: 0, max: 1, type: 'string', documentation: 'Only events with a higher number.' },
    {
      name: 'letter',
      use: 'out',
      min: 0,
      max: '*',
      documentation: 'Parts: eventNumber, timestamp, since, reason, focus, and resend while it waits to be sent again.',
    },
    { name: 'next', use: 'out', min: 0, max: 1, type: 'string', documentation: 'What to give as after, for more.' },
  ],
  run: async (_context, request) => {
    const row = await subscriptionOf(deps, request.id);
    const after = numberOf(readOperationInput(request), 'after') ?? 0;
    const found = await selectLetters(deps.pool, row.rid, after, mostLetters + 1, false);
    const letters = found.slice(0, mostLetters);
    const versions = await readVersions(deps.pool, deps.owners, row.rid, letters);
    const parameter: unknown[] = letters.map(({ number, written, since, reason, resend, rid }, index) => {
      const version = versions[index]?.version;
      const reference = version && `${deps.baseUrl}/${nameOf(typeOfRid(rid) ?? '', version.id)}`;
      const part = [
        { name: 'eventNumber', valueString: String(number) },
        { name: 'timestamp', valueInstant: written.toISOString() },
        { name: 'since', valueInstant: since.toISOString() },
        ...(reason === null ? [] : [{ name: 'reason', valueString: reason }]),
        ...(reference === undefined ? [] : [{ name: 'focus', valueReference: { reference } }]),
        ...(resend ? [{ name: 'resend', valueBoolean: true }] : []),
      ];
      return { name: 'letter', part };
    });
    const last = letters.at(-1);
    if (found.length > mostLetters && last) parameter.push({ name: 'next', valueString: String(last.number) });
    return { status: 200, body: JSON.stringify({ resourceType: 'Parameters', parameter }) };
  },
});
