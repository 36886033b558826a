import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { LONGEST_RULE, MOST_RULES, type RuleWish } from "../core/memory/rule.ts";
import { lastRuleNumber, rulesOfContext } from "../store/queries/memory.ts";
import type { Reader } from "../store/store.ts";
import { authorize, type OperationDeps } from "./operation.ts";

export interface RuleChange extends Decision {
  /** Of the rules that were stated or dropped; empty when that changes nothing. */
  readonly numbers: readonly number[];
}

/**
 * States a rule for all that follows in a conversation, or drops some, in whatever language.
 * @throws AppError `access_denied`, `invalid_input` (too long), `conflict` (there are as many as there may be).
 */
export async function changeRules(
  deps: OperationDeps,
  actor: Actor,
  { wish, ...stated }: StatedWish,
): Promise<RuleChange> {
  const { seen } = await authorize(deps, actor, "converse");
  if (wish.kind === "keep" && wish.text.length > LONGEST_RULE) {
    throw new AppError("invalid_input", `A rule has at most ${LONGEST_RULE} characters.`);
  }
  const decided = await decideRules(deps.store, { wish, ...stated });
  if (decided === "full") {
    throw new AppError(
      "conflict",
      `There are ${MOST_RULES} rules here, which is the most. Drop one first: /rules drop <number>`,
    );
  }
  return { effects: decided, seen, numbers: decided.map(({ number }) => number) };
}

interface StatedWish {
  readonly contextId: string;
  /** The message that says it; one message states one rule. */
  readonly messageId: string;
  readonly wish: RuleWish;
}

/** What follows from somebody's wish about rules. */
export async function decideRules(
  reader: Reader,
  { contextId, messageId, wish }: StatedWish,
): Promise<"full" | readonly Extract<Effect, { type: "pin-rule" | "drop-rule" }>[]> {
  const rules = await reader.all(rulesOfContext, { contextId });
  if (wish.kind === "forget") {
    return rules
      .filter(({ number }) => wish.numbers === "all" || wish.numbers.includes(number))
      .map(({ number }) => ({ type: "drop-rule", contextId, number }));
  }
  if (rules.some((rule) => rule.message_id === messageId)) return [];
  if (rules.length >= MOST_RULES) return "full";
  const last = await reader.first(lastRuleNumber, { contextId });
  const number = (last?.number ?? 0) + 1;
  return [{ type: "pin-rule", contextId, number, messageId, text: wish.text }];
}
