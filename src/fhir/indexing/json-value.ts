/** What JSON objects of unknown content may be asked for. */
export type JsonFields = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonFields => typeof value === 'object' && value !== null;

/** The text of a string field; anything else counts as absent. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The items of a repeating element; anything but an array counts as absent. */
export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : none);

const none: readonly unknown[] = [];

/** A number as it was read: plain, or JSON.rawJSON where its text must be kept (`1.00`). */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (!isObject(value) || typeof value.rawJSON !== 'string') return undefined;
  const number = Number(value.rawJSON);
  return Number.isNaN(number) ? undefined : number;
}
