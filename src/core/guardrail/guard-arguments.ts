import type { Guard, GuardedValue } from "./guardrail.ts";
import { hideValues } from "./hide-values.ts";

/** What a guardrail makes of the arguments of a call that brings them out of the house. */
export type GuardedArguments =
  | { readonly kind: "pass"; readonly input: unknown; readonly found: readonly GuardedValue[] }
  | { readonly kind: "blocked"; readonly found: readonly GuardedValue[] };

/** Looks at every text and number in what JSON can hold, names of fields too. */
export function guardArguments({ mode, values }: Guard, input: unknown): GuardedArguments {
  if (mode === "disabled") return { kind: "pass", input, found: [] };
  const found = new Set<GuardedValue>();
  const clean = withoutValues(input, values, found);
  const all = values.filter((value) => found.has(value));
  if (mode === "block" && all.length > 0) return { kind: "blocked", found: all };
  return { kind: "pass", input: mode === "redact" ? clean : input, found: all };
}

function withoutValues(
  input: unknown,
  values: readonly GuardedValue[],
  found: Set<GuardedValue>,
): unknown {
  const hide = (text: string): string => {
    const hidden = hideValues(text, values);
    for (const value of hidden.found) found.add(value);
    return hidden.text;
  };
  if (typeof input === "string") return hide(input);
  if (typeof input === "number")
    return hide(String(input)) === String(input) ? input : hide(String(input));
  if (Array.isArray(input)) return input.map((one) => withoutValues(one, values, found));
  if (typeof input !== "object" || input === null) return input;
  return Object.fromEntries(
    Object.entries(input).map(([key, one]) => [hide(key), withoutValues(one, values, found)]),
  );
}
