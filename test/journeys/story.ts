/** Steps of a clinical story; a step that fails says which one it was. */
async function step<T>(sentence: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (failure) {
    if (failure instanceof Error) failure.message = `${sentence}: ${failure.message}`;
    throw failure;
  }
}

// Capitals, since a module that exports "then" cannot be awaited.
export const Given = <T>(sentence: string, act: () => Promise<T>) => step(`Given ${sentence}`, act);
export const When = <T>(sentence: string, act: () => Promise<T>) => step(`When ${sentence}`, act);
export const Then = <T>(sentence: string, act: () => Promise<T>) => step(`Then ${sentence}`, act);
