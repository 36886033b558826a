import {
  findModelRefusal,
  isRateLimited,
  type ModelRules,
  type ModelUse,
} from "../core/access/model-rules.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError, type ErrorCode } from "../core/errors.ts";
import { guardText } from "../core/guardrail/guard-text.ts";
import { inputGuard, nameValues } from "../core/guardrail/guardrail.ts";
import type { OperationDeps } from "./operation.ts";
import { counterFullUntil } from "./take-from-counter.ts";

/** Why: a guardrail found in it what may not pass. */
const BLOCKED = "guardrail";

/** What an operation is given that sets the model to work. */
export interface ModelDeps extends OperationDeps {
  readonly modelRules: ModelRules;
}

export interface ModelStart extends ModelUse {
  readonly userId: string;
  /** What it is to be told first. */
  readonly words: string;
}

export type ModelPermit =
  | { readonly isAllowed: true; readonly effects: readonly Effect[] }
  | { readonly isAllowed: false; readonly reason: string; readonly text: string };

/**
 * Whether this person may set the model to work here, now. Every turn and every task asks; the effects use one of what
 * the person may start in this window, and belong into the commit that starts it.
 */
export async function permitModel(
  deps: ModelDeps,
  { userId, role, context, words }: ModelStart,
): Promise<ModelPermit> {
  const rules = deps.modelRules;
  const refusal = findModelRefusal(rules, { role, context }) ?? findBlocked(rules, words);
  if (refusal !== undefined) return { isAllowed: false, ...refusal };
  if (!isRateLimited(rules, role)) return { isAllowed: true, effects: [] };
  const counter = {
    key: `model:${userId}`,
    windowMs: rules.rateLimitWindowSeconds * 1_000,
    limit: rules.rateLimitPerWindow,
  };
  const fullUntilMs = await counterFullUntil(deps, counter);
  if (fullUntilMs === undefined) {
    return { isAllowed: true, effects: [{ type: "count", ...counter }] };
  }
  const text = tooMuch(rules, fullUntilMs - deps.now);
  return { isAllowed: false, reason: "rate_limited", text };
}

function findBlocked({ guardrails }: ModelRules, words: string) {
  const guarded = guardText(inputGuard(guardrails), words);
  if (guarded.kind === "pass") return undefined;
  const text = `I did not pass this on: it holds ${nameValues(guarded.found)}, which no model is to read here. Take that out and send the rest again.`;
  return { reason: BLOCKED, text };
}

const CODES: Readonly<Record<string, ErrorCode>> = {
  rate_limited: "rate_limited",
  [BLOCKED]: "invalid_input",
};

/** The same for operations. @throws AppError `access_denied`, `rate_limited` or `invalid_input`. */
export async function requireModel(deps: ModelDeps, start: ModelStart): Promise<readonly Effect[]> {
  const permit = await permitModel(deps, start);
  if (permit.isAllowed) return permit.effects;
  throw new AppError(CODES[permit.reason] ?? "access_denied", permit.text);
}

function tooMuch(
  { rateLimitPerWindow, rateLimitWindowSeconds }: ModelRules,
  waitMs: number,
): string {
  return `That is too much at once: the model takes ${rateLimitPerWindow} requests from one person in ${rateLimitWindowSeconds} s. Ask again in ${Math.ceil(waitMs / 1_000)} s.`;
}
