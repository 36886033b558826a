import type { Kind } from "./kinds.ts";

export const PREFIX = "AGENT_RUNTIME_";

/** One variable. `Value` is what the program gets; `undefined` in it means that it may be left unset. */
export interface Setting<Value> {
  /** Without the prefix. */
  readonly name: string;
  readonly kind: Kind<NonNullable<Value>>;
  /** Text as it would be written; `<NAME>` stands for the value of that variable. */
  readonly fallback: string | undefined;
  readonly description: string;
  /** Carries `Value` for the type of the config; no such property exists. */
  readonly value?: Value;
}

export function setting<Value>(
  name: string,
  kind: Kind<NonNullable<Value>>,
  fallback: string,
  description: string,
): Setting<Value> {
  return { name, kind, fallback, description };
}

export function optional<Value>(
  name: string,
  kind: Kind<NonNullable<Value>>,
  description: string,
): Setting<Value | undefined> {
  return {
    name,
    kind: kind as Kind<NonNullable<Value | undefined>>,
    fallback: undefined,
    description,
  };
}
