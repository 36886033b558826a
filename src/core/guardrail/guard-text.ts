import type { Guard, GuardedValue, GuardMode } from "./guardrail.ts";
import { hideValues, hideValuesInMarkdown } from "./hide-values.ts";

/** What a guardrail makes of a text. */
export type Guarded =
  | { readonly kind: "pass"; readonly text: string; readonly found: readonly GuardedValue[] }
  | { readonly kind: "blocked"; readonly found: readonly GuardedValue[] };

/** Of what somebody or something tells a model. */
export function guardText({ mode, values }: Guard, text: string): Guarded {
  return mode === "disabled" ? untouched(text) : judge(mode, text, hideValues(text, values));
}

/** Of what a model has written, as Markdown. */
export function guardMarkdown({ mode, values }: Guard, text: string): Guarded {
  return mode === "disabled"
    ? untouched(text)
    : judge(mode, text, hideValuesInMarkdown(text, values));
}

function untouched(text: string): Guarded {
  return { kind: "pass", text, found: [] };
}

function judge(
  mode: Exclude<GuardMode, "disabled">,
  text: string,
  hidden: { readonly text: string; readonly found: readonly GuardedValue[] },
): Guarded {
  const { found } = hidden;
  if (found.length === 0 || mode === "observe") return { kind: "pass", text, found };
  return mode === "block" ? { kind: "blocked", found } : { kind: "pass", text: hidden.text, found };
}

/** The longest value has fewer letters and digits; written as signs of HTML or of a URL it takes more of them. */
const HELD_BACK = 48;
const HELD_BACK_ENCODED = 300;
const ENCODED_WITHIN = 400;

/**
 * What may be shown of Markdown that still grows: its end is held back, where half a value may stand that nothing knows
 * before it is whole. Nothing, once it holds what blocks it.
 */
export function guardDraft(guard: Guard, text: string): string {
  if (guard.mode === "disabled" || guard.mode === "observe") return text;
  const guarded = guardMarkdown(guard, text);
  return guarded.kind === "blocked" ? "" : withoutEnd(guarded.text);
}

function withoutEnd(text: string): string {
  const isEncoded = /[&%]/.test(text.slice(-ENCODED_WITHIN));
  let left = isEncoded ? HELD_BACK_ENCODED : HELD_BACK;
  let end = text.length;
  while (end > 0 && left > 0) {
    end -= 1;
    if (/[\p{L}\p{Nd}]/u.test(text[end] ?? "")) left -= 1;
  }
  return text.slice(0, end);
}
