import { ownPatientId, type SignedIn } from '../session/session.resource.ts';
import type { IconName } from '../ui/icon/icon.tsx';

/** A way in the bar. */
export interface Room {
  to: string;
  word:
    | 'people'
    | 'myRecord'
    | 'consents'
    | 'whoLooked'
    | 'care'
    | 'mandates'
    | 'duplicates'
    | 'code'
    | 'scan'
    | RoomOfOffice;
  icon: IconName;
}

type RoomOfOffice = 'trail' | 'emergencies' | 'directory' | 'administration';

const residentRooms: readonly Room[] = [
  { to: '/me', word: 'myRecord', icon: 'document' },
  { to: '/code', word: 'code', icon: 'code' },
  { to: '/consents', word: 'consents', icon: 'lock' },
  { to: '/me/accesses', word: 'whoLooked', icon: 'eye' },
  { to: '/care', word: 'care', icon: 'hospital' },
];

const people: Room = { to: '/people', word: 'people', icon: 'person' };
const directory: Room = { to: '/directory', word: 'directory', icon: 'hospital' };
const mandates: Room = { to: '/mandates', word: 'mandates', icon: 'document' };

const scan: Room = { to: '/scan', word: 'scan', icon: 'code' };

/** What stands in the bar between the list of residents and the directory. */
const ownRooms: Partial<Record<SignedIn['role'], readonly Room[]>> = {
  receptionist: [scan, mandates],
  pharmacist: [scan],
  cashier: [scan],
  'public-health-nurse': [scan],
  'village-doctor': [scan],
  'family-doctor': [scan],
  'hospital-physician': [scan],
  'index-clerk': [mandates, { to: '/duplicates', word: 'duplicates', icon: 'pair' }],
  'privacy-officer': [
    { to: '/administration/trail', word: 'trail', icon: 'eye' },
    { to: '/administration/emergencies', word: 'emergencies', icon: 'alert' },
  ],
  administrator: [{ to: '/administration/people', word: 'administration', icon: 'lock' }],
};

/** The rooms that somebody is led to. */
export function roomsOf(person: SignedIn): readonly Room[] {
  if (ownPatientId(person)) return residentRooms;
  return [people, ...(ownRooms[person.role] ?? []), directory];
}

/** The room of a page: that of the longest address which the page lies below. */
export function roomAt(rooms: readonly Room[], path: string): Room | undefined {
  const below = rooms.filter(({ to }) => path === to || path.startsWith(`${to}/`));
  return below.sort((a, b) => b.to.length - a.to.length)[0];
}
