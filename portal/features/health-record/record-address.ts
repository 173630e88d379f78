import { useParams } from 'react-router';
import { ownPatientId, useSession } from '../../session/session.resource.ts';

export interface RecordAddress {
  patientId: string;
  /** Where the record's pages lie: /people/{id} or /me. */
  base: string;
  /** The record is read by the person whom it is about. */
  isOwn: boolean;
}

/** Whose record the address means; `/me` means the person who is signed in. */
export function useRecordAddress(): RecordAddress {
  const { id } = useParams();
  const person = useSession().data?.person;
  if (id !== undefined) return { patientId: id, base: `/people/${id}`, isOwn: false };
  return { patientId: (person && ownPatientId(person)) ?? '', base: '/me', isOwn: true };
}
