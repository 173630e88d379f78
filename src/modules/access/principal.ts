/** Who stands behind a request, as an adapter has authenticated them. */
export interface Principal {
  /** `Practitioner/1`, `Patient/1`, `Device/1` (a system), or `operator` at the machine. */
  readonly reference: string;
  /** In clear words, for the trail. */
  readonly display: string;
  readonly role: Role;
  /** For whom they act: `Organization/1`. */
  readonly organization?: string | undefined;
  /** A code of http://terminology.hl7.org/CodeSystem/v3-ActReason; that of the role unless it is said otherwise. */
  readonly purpose?: string | undefined;
  /** The application that carries the request: its client id. */
  readonly client?: string | undefined;
  /** The session or token under which they act. */
  readonly session?: string | undefined;
  /** The address from which the request came. */
  readonly address?: string | undefined;
  /** SMART scopes, v2 or v1; undefined does not narrow what the role may. */
  readonly scopes?: readonly string[] | undefined;
  /** The Patient in launch context, an id: what `patient/` scopes are about. */
  readonly patient?: string | undefined;
}

/** What somebody may act as, and why they do so unless they say otherwise (v3-ActReason). */
export const roles = {
  resident: 'PATRQT',
  'village-doctor': 'TREAT',
  'family-doctor': 'TREAT',
  'public-health-nurse': 'TREAT',
  'hospital-physician': 'TREAT',
  pharmacist: 'TREAT',
  receptionist: 'HOPERAT',
  cashier: 'HPAYMT',
  'index-clerk': 'HOPERAT',
  'disease-control-officer': 'PUBHLTH',
  insurer: 'HPAYMT',
  regulator: 'HOPERAT',
  researcher: 'HRESCH',
  'privacy-officer': 'HSYSADMIN',
  administrator: 'HSYSADMIN',
  system: 'HOPERAT',
  operator: 'HSYSADMIN',
} as const;

export type Role = keyof typeof roles;

export const isRole = (name: string): name is Role => Object.hasOwn(roles, name);
