import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Patient } from 'fhir/r4.js';
import type { MatchEvidence } from '../../../src/modules/patient-index/index.ts';
import { postJson } from '../../http/json-client.ts';

export interface FoundMatch {
  readonly id: string;
  readonly isMasked: boolean;
  readonly evidence: MatchEvidence;
  readonly patient: Patient;
}

interface Found {
  readonly matches: readonly FoundMatch[];
  /** What is known is shared by too many for all to be compared. */
  readonly isIncomplete: boolean;
}

/** Who may be the person, before a record is opened. */
export const useSearchBefore = () =>
  useMutation({
    mutationFn: (patient: Patient) => postJson<Found>('/api/patient-index/search', { patient, count: 20 }),
  });

/** Opens a record; `others` are those whom the clerk has looked at, and who are not the person. */
export function useRegister() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { patient: Patient; others: readonly string[] }) =>
      postJson<{ id: string }>('/api/patient-index/register', input),
    onSuccess: () => client.invalidateQueries({ queryKey: ['people'] }),
  });
}
