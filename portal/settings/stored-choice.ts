import { useSyncExternalStore } from 'react';

/** A choice that outlives the page: kept in local storage, shared by all components that use it. */
export function createStoredChoice<T extends string>(key: string, choices: readonly T[], initial: () => T) {
  const listeners = new Set<() => void>();
  const isChoice = (value: string | null): value is T => choices.some((choice) => choice === value);
  const stored = localStorage.getItem(key);
  let current = isChoice(stored) ? stored : initial();

  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };

  return {
    get: () => current,
    set: (value: T) => {
      current = value;
      localStorage.setItem(key, value);
      for (const listener of listeners) listener();
    },
    subscribe,
    use: () => useSyncExternalStore(subscribe, () => current),
  };
}
