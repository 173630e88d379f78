import type { Search } from '../search/index.ts';
import { type Connection, method, type Replacing, type WriteGuard, type Written } from '../store/index.ts';
import { type Access, type AccessVerb, refusal } from './access.ts';
import { patientsOf } from './patients-of.ts';
import type { Trail, TrailAction, TrailEntry } from './trail.ts';

type Deciding = Pick<Search, 'readable'>;

/** Holds writes to what whoever writes may do, and puts them down in the same transaction. */
export function createWriteGuard(dependencies: {
  search: () => Deciding;
  trail: Trail;
  now: () => number;
}): WriteGuard {
  const { trail, now } = dependencies;
  return {
    before: async (connection, changes) => {
      await refuse(dependencies.search(), connection, changes, ({ change }) =>
        change.method === method.delete ? 'delete' : 'update',
      );
    },
    after: async (connection, written) => {
      const stored = written.filter(({ outcome }) => outcome.status !== 'deleted');
      await refuse(dependencies.search(), connection, stored, ({ isReplacing }) => (isReplacing ? 'update' : 'create'));
      const at = now();
      const entries = written.flatMap((one) => entryOf(one, at) ?? []);
      if (entries.length > 0) await trail.write(connection, entries);
    },
  };
}

/** Fails with `forbidden` at the first resource for which its writer has no right. */
async function refuse<Step extends Replacing>(
  search: Deciding,
  connection: Connection,
  steps: readonly Step[],
  verbOf: (step: Step) => AccessVerb,
): Promise<void> {
  const groups = new Map<Access, Map<AccessVerb, Step[]>>();
  for (const step of steps) {
    const { access } = step.change;
    if (!access || access.isFull) continue;
    const verbs = groups.get(access) ?? new Map<AccessVerb, Step[]>();
    groups.set(access, verbs);
    const verb = verbOf(step);
    verbs.set(verb, [...(verbs.get(verb) ?? []), step]);
  }
  for (const [access, verbs] of groups) {
    for (const [verb, own] of verbs) {
      const placed = own.map(({ rid, change }) => ({ rid, type: change.type }));
      const allowed = await search.readable(connection, (type) => access.conditionOf(verb, type), placed);
      const refused = own.find(({ rid }) => !allowed.has(rid));
      if (refused) throw refusal(access.actor, verb, `${refused.change.type}/${refused.change.id}`);
    }
  }
}

const actions = { created: 'C', updated: 'U', deleted: 'D' } as const satisfies Record<string, TrailAction>;
const interactions = { created: 'create', updated: 'update', deleted: 'delete' };

function entryOf({ change, outcome }: Written, at: number): TrailEntry | undefined {
  const { access, type, id, interaction } = change;
  const { status, version, content } = outcome;
  if (!access || status === 'unchanged' || status === 'absent') return undefined;
  return {
    actor: access.actor,
    at,
    action: actions[status],
    interaction: interaction ?? interactions[status],
    outcome: '0',
    entities: [{ type, id, version }],
    patients: patientsOf([{ type, id, content: content ?? '' }]),
  };
}
