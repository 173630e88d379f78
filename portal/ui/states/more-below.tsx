import { Button } from 'antd';
import { useEffect, useRef } from 'react';
import { FailureNotice } from './failure.tsx';

interface MoreBelowProps {
  query: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: Error | null;
    fetchNextPage: () => unknown;
  };
  label: string;
  busyLabel: string;
  failureTitle: string;
}

/** The foot of a list that is fetched page by page: the next page comes as the reader nears it, or on a press. */
export function MoreBelow({ query, label, busyLabel, failureTitle }: MoreBelowProps) {
  const foot = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const mayFetch = hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  useEffect(() => {
    const element = foot.current;
    if (element === null || !mayFetch) return;
    const watcher = new IntersectionObserver(([entry]) => entry?.isIntersecting && fetchNextPage(), {
      rootMargin: '600px',
    });
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [mayFetch, fetchNextPage]);
  if (isFetchNextPageError && query.error) {
    return <FailureNotice title={failureTitle} failure={query.error} onRetry={() => void fetchNextPage()} />;
  }
  if (!hasNextPage) return null;
  return (
    <div ref={foot} className="more-below">
      <Button type="link" onClick={() => fetchNextPage()} disabled={isFetchingNextPage}>
        {isFetchingNextPage ? busyLabel : label}
      </Button>
    </div>
  );
}
