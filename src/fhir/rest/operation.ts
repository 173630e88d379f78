import type { Operation, OperationMethod } from './context.ts';

export type { Operation, OperationLevel, OperationMethod, OperationParameter, OperationRequest } from './context.ts';

/** The methods by which an operation may be sent. */
export const methodsOf = ({ methods, affectsState }: Operation): readonly OperationMethod[] =>
  methods ?? (affectsState ? ['POST'] : ['GET', 'POST']);
