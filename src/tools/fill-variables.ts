/** How a file of the operator names a variable of the environment. */
const VARIABLE = /\$\{(\w+)\}/g;

export interface Variables {
  /** A variable of the environment that is none of ours. */
  readonly findVariable: (name: string) => string | undefined;
}

export interface NotedVariables extends Variables {
  /** The values that were asked for until now: secrets, also where the text around them is none. */
  readonly used: () => readonly string[];
}

/** The same variables, which remember what was asked for. */
export function noteVariables({ findVariable }: Variables): NotedVariables {
  const used = new Set<string>();
  return {
    findVariable(name) {
      const value = findVariable(name);
      if (value !== undefined) used.add(value);
      return value;
    },
    used: () => [...used],
  };
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
