import { Failure } from '#lib/failure.ts';
import type { Access, Actor } from '../access/index.ts';

/** Fails unless whoever asks is who asked for the work, or holds the machine. */
export function requireOwner({ access }: { access: Access }, owner: Actor): void {
  const { role, reference, client, organization } = access.actor;
  if (role === 'operator') return;
  if (reference === owner.reference && client === owner.client && organization === owner.organization) return;
  throw new Failure('forbidden', 'Somebody else asked for this: only they may see what became of it.');
}
