import { useQuery } from '@tanstack/react-query';
import { readResource } from '../../http/fhir-client.ts';
import { language } from '../../settings/language.ts';
import { nameIn, parseHumanNames } from '../../ui/human-name/human-name.ts';

/** What a Patient is called; undefined until it is known, or where it may not be read. */
export function usePatientName(id: string): string | undefined {
  const locale = language.use();
  const patient = useQuery({
    queryKey: ['patient-name', id],
    queryFn: async ({ signal }) => parseHumanNames((await readResource('Patient', id, signal)).name),
    staleTime: 60_000,
    retry: false,
  });
  return patient.data && (nameIn(locale, patient.data) || undefined);
}
