import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Long work takes a breath now and then, so that other requests have their turn: call the result once for each of many
 * items. Only every so many of the calls wait.
 */
export function createBreath(itemsPerTurn = 200): () => Promise<void> | undefined {
  let count = 0;
  return () => {
    count++;
    return count % itemsPerTurn === 0 ? nextTurn() : undefined;
  };
}
