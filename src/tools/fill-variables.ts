/** How a file of the operator names a variable of the environment. */
const VARIABLE = /\$\{(\w+)\}/g;

export interface Variables {
  /** A variable of the environment that is none of ours. */
  readonly findVariable: (name: string) => string | undefined;
}

/** Puts values in the place of `${NAME}`. @throws Error that names what is missing. */
export function fillVariables(text: string, { findVariable }: Variables): string {
  return text.replace(VARIABLE, (_whole, name: string) => {
    const value = findVariable(name);
    if (value !== undefined) return value;
    throw new Error(
      `${name} must be set in the environment or .env; our own variables cannot be used there.`,
    );
  });
}

export function fillAll(
  texts: Readonly<Record<string, string>>,
  variables: Variables,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, fillVariables(text, variables)]),
  );
}
