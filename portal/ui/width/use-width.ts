import { type RefCallback, useCallback, useRef, useState } from 'react';

/** The width of an element in pixels, following its changes; 0 until it is known. */
export function useWidth(): [RefCallback<HTMLElement>, number] {
  const [width, setWidth] = useState(0);
  const watcher = useRef<ResizeObserver>(null);
  const watch = useCallback((element: HTMLElement | null) => {
    watcher.current?.disconnect();
    if (element === null) return;
    watcher.current = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    watcher.current.observe(element);
  }, []);
  return [watch, width];
}
