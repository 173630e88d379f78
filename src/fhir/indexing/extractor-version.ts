/**
 * Raised whenever the same resource would get other index rows than before: rows of an older version have to be made
 * anew. 1: single values. 2: composites and positions, and what units are worth.
 */
export const extractorVersion = 2;
