/** A value of one part of a composite parameter, as the conversion of its type tells it. */
export type CompositeValue =
  | { readonly is: 'code' | 'identifier'; readonly path: number; readonly system: string; readonly code: string }
  | { readonly is: 'reference'; readonly path: number; readonly reference: string }
  | { readonly is: 'uri'; readonly path: number; readonly uri: string }
  | { readonly is: 'string'; readonly value: string }
  | { readonly is: 'range'; readonly low: number; readonly high: number; readonly unit?: CompositeUnit };

export interface CompositeUnit {
  readonly system: string;
  readonly code: string;
  readonly name: string;
}

/** The values of a composite in one element, part by part: what stands together there. */
export type CompositeParts = readonly (readonly CompositeValue[])[];
