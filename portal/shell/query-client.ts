import { QueryClient } from '@tanstack/react-query';
import { RequestFailure } from '../http/request-failure.ts';

/** What the server refused stays refused; what never reached it, or met it in trouble, is tried twice more. */
export function createQueryClient() {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: true,
        retry: (failures, failure) => failures < 2 && mayPass(failure),
        retryDelay: (failures) => 400 * 2 ** failures,
      },
    },
  });
}

function mayPass(failure: Error): boolean {
  return failure instanceof RequestFailure && (failure.status === undefined || failure.status >= 500);
}
