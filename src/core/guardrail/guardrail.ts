/**
 * What a guardrail does about a value that it finds. `observe`: it is noted; `block`: what holds it is refused; `redact`: it is
 * replaced.
 */
export const GUARD_MODES = ["disabled", "observe", "block", "redact"] as const;
export type GuardMode = (typeof GUARD_MODES)[number];

/** Values, never words: each is known by its form, and by its check digits where it has any. */
export const GUARDED_VALUES = ["secrets", "cards", "ibans", "ssns", "emails", "phones"] as const;
export type GuardedValue = (typeof GUARDED_VALUES)[number];

/** What passes to a model and from it. The names are those of the configuration. */
export interface GuardrailRules {
  /** To a model. */
  readonly input: GuardMode;
  /** From a model, to people and to others. */
  readonly output: GuardMode;
  readonly values: readonly GuardedValue[];
}

/** One direction of them. */
export interface Guard {
  readonly mode: GuardMode;
  readonly values: readonly GuardedValue[];
}

export function inputGuard({ input, values }: GuardrailRules): Guard {
  return { mode: input, values };
}

export function outputGuard({ output, values }: GuardrailRules): Guard {
  return { mode: output, values };
}

const ONE_OF: Readonly<Record<GuardedValue, string>> = {
  secrets: "a key or password",
  cards: "a card number",
  ibans: "a bank account number (IBAN)",
  ssns: "a social security number",
  emails: "an e-mail address",
  phones: "a phone number",
};

/** `a card number and an e-mail address` */
export function nameValues(values: readonly GuardedValue[]): string {
  const names = values.map((value) => ONE_OF[value]);
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
