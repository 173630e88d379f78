import { useSyncExternalStore } from 'react';

function createMediaQuery(text: string) {
  const query = matchMedia(text);
  const subscribe = (listener: () => void) => {
    query.addEventListener('change', listener);
    return () => query.removeEventListener('change', listener);
  };
  return () => useSyncExternalStore(subscribe, () => query.matches);
}

/** One column, large targets; the same width stands in the style sheets. */
export const useIsPhone = createMediaQuery('(max-width: 639px)');
