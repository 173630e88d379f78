/** How a version came about; a placeholder is the target of a reference to a resource that was never written. */
export const method = { placeholder: 0, post: 1, put: 2, delete: 3, patch: 4 } as const;

export type Method = (typeof method)[keyof typeof method];
