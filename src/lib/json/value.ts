declare global {
  interface JSON {
    rawJSON(text: string): RawNumber;
    isRawJSON(value: unknown): value is RawNumber;
  }
}

/**
 * A number whose text a JavaScript number would not give back (`1.00`, `1e3`, more than 15 digits): JSON.rawJSON.
 * It can be printed, but neither changed nor passed to structuredClone or another thread.
 */
export interface RawNumber {
  readonly rawJSON: string;
}

export type JsonValue = string | number | boolean | null | RawNumber | JsonObject | JsonValue[];

export interface JsonObject {
  [name: string]: JsonValue;
}

export const isRawNumber = (value: unknown): value is RawNumber => JSON.isRawJSON(value);

export const isJsonObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value);

/** The digits of a JSON number as they were sent; undefined when the value is no number. */
export function numberText(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'number') return String(value);
  return isRawNumber(value) ? value.rawJSON : undefined;
}

/** The nearest double of a JSON number; undefined when the value is no number. */
export function numberValue(value: JsonValue | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return isRawNumber(value) ? Number(value.rawJSON) : undefined;
}

/** JSON without white space; numbers keep their digits. */
export const printJson = (value: JsonValue): string => JSON.stringify(value);
