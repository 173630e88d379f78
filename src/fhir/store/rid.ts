import { resourceTypeNumber, resourceTypeOfNumber } from '../definitions/index.ts';

/**
 * A rid is the store's number of a resource: type * 2^36 + a number drawn from one sequence. It has at most 44 bits, so
 * that a reference key (path * 2^44 + rid of the target) fits into an int8, and rids of a type lie together.
 */
const numbersPerType = 2 ** 36;
const ridsPerPath = 2n ** 44n;

export const ridOf = (type: string, number: number): number => resourceTypeNumber(type) * numbersPerType + number;

export const typeOfRid = (rid: number): string | undefined => resourceTypeOfNumber(Math.floor(rid / numbersPerType));

/** First and last rid of a type. */
export function ridRange(type: string): { first: number; last: number } {
  const first = resourceTypeNumber(type) * numbersPerType;
  return { first, last: first + numbersPerType - 1 };
}

export const referenceKey = (path: number, targetRid: number): bigint => BigInt(path) * ridsPerPath + BigInt(targetRid);

export const targetOfReferenceKey = (key: bigint): number => Number(key % ridsPerPath);

/** `Patient/1`: how the store's maps name a resource. */
export const nameOf = (type: string, id: string): string => `${type}/${id}`;
