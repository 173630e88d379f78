/** A record that somebody has opened in an emergency, with what was decided on it afterwards. */
export interface Emergency {
  readonly number: number;
  readonly id: string;
  readonly actor: string;
  readonly display: string;
  readonly role: string;
  readonly organization: string | undefined;
  /** Id of the Patient. */
  readonly patient: string;
  readonly reason: string;
  /** Milliseconds since 1970 UTC, as all instants here. */
  readonly opened: number;
  readonly ends: number;
  readonly released: number | undefined;
  readonly judgement: Judgement | undefined;
  readonly judge: string | undefined;
  readonly judgeDisplay: string | undefined;
  readonly judged: number | undefined;
  readonly note: string | undefined;
}

export type Judgement = 'justified' | 'not-justified';

/** As it is sent. */
export interface EmergencyView {
  readonly id: string;
  readonly person: { readonly reference: string; readonly display: string; readonly role: string };
  readonly organization?: string;
  readonly patient: string;
  readonly reason: string;
  readonly opened: string;
  readonly ends: string;
  readonly released?: string;
  /** The record is still open. */
  readonly isOpen: boolean;
  readonly judgement?: Judgement;
  readonly judge?: string;
  readonly judged?: string;
  readonly note?: string;
  /** Whoever asks opened it, and may not judge it. */
  readonly isOwn: boolean;
}

export interface EmergencyPage {
  readonly entries: readonly EmergencyView[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: number;
}

export const endOf = ({ ends, released }: Emergency): number => Math.min(ends, released ?? ends);

export function viewOf(emergency: Emergency, asker: string, now: number): EmergencyView {
  const { id, actor, display, role, organization, patient, reason, opened, ends, released } = emergency;
  const { judgement, judgeDisplay, judged, note } = emergency;
  return {
    id,
    person: { reference: actor, display, role },
    ...(organization !== undefined && { organization }),
    patient,
    reason,
    opened: printed(opened),
    ends: printed(ends),
    ...(released !== undefined && { released: printed(released) }),
    isOpen: endOf(emergency) > now,
    ...(judgement !== undefined && { judgement }),
    ...(judgeDisplay !== undefined && { judge: judgeDisplay }),
    ...(judged !== undefined && { judged: printed(judged) }),
    ...(note !== undefined && { note }),
    isOwn: actor === asker,
  };
}

const printed = (at: number): string => new Date(at).toISOString();
