import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { FailureNotice } from './failure.tsx';

interface QueryContentProps<T> {
  query: UseQueryResult<T>;
  skeleton: ReactNode;
  /** What could not be shown, as a sentence. */
  failureTitle: string;
  children: (content: T) => ReactNode;
}

/** Skeleton, failure with retry, or content: one of the three, for anything that is fetched. */
export function QueryContent<T>({ query, skeleton, failureTitle, children }: QueryContentProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error)
    return <FailureNotice title={failureTitle} failure={query.error} onRetry={() => void query.refetch()} />;
  return skeleton;
}
