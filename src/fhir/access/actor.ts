/** Who acts, as the trail will name them. */
export interface Actor {
  /** `Practitioner/1`, `Patient/1`, `Device/1` (a system), or `operator` at the machine. */
  readonly reference: string;
  /** In clear words, as it stood when they acted. */
  readonly display: string;
  /** What they act as, such as `physician`; the roles are those of the module `access`. */
  readonly role: string;
  /** For whom: `Organization/1`. */
  readonly organization?: string | undefined;
  /** Why, as a code of http://terminology.hl7.org/CodeSystem/v3-ActReason: TREAT, HPAYMT, PATRQT, ETREAT ... */
  readonly purpose: string;
  /** The application that carries the request: its client id. */
  readonly client?: string | undefined;
  /** The session or token under which they act; to tell two sign-ins of a person apart. */
  readonly session?: string | undefined;
  /** SMART scopes that narrow what the role may; undefined where nothing does. */
  readonly scopes?: readonly string[] | undefined;
  /** The patient whom an application was launched for: an id. */
  readonly patient?: string | undefined;
  /** The address from which the request came. */
  readonly address?: string | undefined;
}
