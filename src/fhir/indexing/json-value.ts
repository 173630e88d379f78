import { type JsonValue, numberValue } from '#lib/json/index.ts';

/** What JSON objects of unknown content may be asked for. */
export type JsonFields = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonFields => typeof value === 'object' && value !== null;

/** The text of a string field; anything else counts as absent. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The items of a repeating element; anything but an array counts as absent. */
export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : none);

const none: readonly unknown[] = [];

/** The nearest double of a number as it was read, plain or with its text kept; undefined for anything else. */
export const numberOf = (value: unknown): number | undefined => numberValue(value as JsonValue | undefined);
