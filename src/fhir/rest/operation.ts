import type { Operation, OperationMethod, OperationParameter } from './context.ts';

export type { Operation, OperationLevel, OperationMethod, OperationParameter, OperationRequest } from './context.ts';

/** The methods by which an operation may be sent. */
export const methodsOf = ({ methods, affectsState }: Operation): readonly OperationMethod[] =>
  methods ?? (affectsState ? ['POST'] : ['GET', 'POST']);

type Occurrence = Partial<Pick<OperationParameter, 'min' | 'max'>>;

const parameter =
  (use: OperationParameter['use']) =>
  (name: string, type: string | undefined, documentation: string, occurrence: Occurrence = {}): OperationParameter => ({
    name,
    use,
    min: 0,
    max: 1,
    ...(type !== undefined && { type }),
    documentation,
    ...occurrence,
  });

/** What an operation takes, once at most unless said otherwise; without a type it consists of parts. */
export const inParameter = parameter('in');

/** What an operation answers, once at most unless said otherwise; without a type it consists of parts. */
export const outParameter = parameter('out');
