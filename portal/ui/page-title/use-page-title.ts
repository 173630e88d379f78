import { useEffect } from 'react';

/** Names the page in the window's title, so that windows can be told apart; never more than a name stands there. */
export function usePageTitle(title: string | undefined) {
  useEffect(() => {
    document.title = title ? `${title} – Meridian` : 'Meridian';
  }, [title]);
}
