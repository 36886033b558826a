import { isAtLeast } from "../../core/access/role.ts";
import type { Effect } from "../../core/effect/effect.ts";
import { findRuleWish, MOST_RULES } from "../../core/memory/rule.ts";
import type { Trust } from "../../core/message/inbound-message.ts";
import { code, doc, p } from "../../core/rich-text/build.ts";
import type { RichText } from "../../core/rich-text/rich-text.ts";
import { decideRules } from "../../operations/change-rules.ts";
import { isQuotedMessage } from "../../operations/is-quoted-message.ts";
import { rulesOfContext } from "../../store/queries/memory.ts";
import { userById } from "../../store/queries/people.ts";
import type { Reader } from "../../store/store.ts";

/** The message a turn answers, and who wrote it. */
export interface StatedBy {
  readonly context_id: string;
  readonly user_id: string | null;
  readonly message_id: string | null;
  readonly message_text: string | null;
  readonly message_payload: string | null;
  readonly message_trust: Trust | null;
}

/**
 * Keeps the rule that a message states, or drops those that it wants forgotten: fixed forms, in a person's own words. It
 * goes into the commit that begins the turn.
 */
export async function keepRules(reader: Reader, stated: StatedBy): Promise<readonly Effect[]> {
  const { context_id: contextId, message_id: messageId } = stated;
  const wish = wishOf(stated);
  if (messageId === null || wish === undefined || !(await mayState(reader, stated))) return [];
  const decided = await decideRules(reader, { contextId, messageId, wish });
  return decided === "full" ? [] : decided;
}

/** A person is told which of their words hold from now on, as they may not have meant it. */
export async function tellOfRule(reader: Reader, stated: StatedBy): Promise<RichText> {
  if (wishOf(stated)?.kind !== "keep") return [];
  const rules = await reader.all(rulesOfContext, { contextId: stated.context_id });
  const kept = rules.find((rule) => rule.message_id === stated.message_id);
  if (kept === undefined) return [];
  const { number, text } = kept;
  const which = ["Kept as rule ", String(number), ": ", code(text), ". To forget it: "];
  return doc(p(...which, code(`/rules drop ${number}`)));
}

export interface RulesTold {
  readonly rules: readonly { readonly number: number; readonly text: string }[];
  /** The message states one for which there is no room any more. */
  readonly isRuleTooMany: boolean;
}

export async function rulesToTell(reader: Reader, stated: StatedBy): Promise<RulesTold> {
  const rules = await reader.all(rulesOfContext, { contextId: stated.context_id });
  const isKept = rules.some((rule) => rule.message_id === stated.message_id);
  const isRuleTooMany = rules.length >= MOST_RULES && !isKept && wishOf(stated)?.kind === "keep";
  return { rules, isRuleTooMany };
}

/** What somebody forwards is not their wish. */
function wishOf({ message_text, message_payload: payload, message_trust }: StatedBy) {
  if (message_text === null || message_trust !== "paired" || isQuotedMessage({ payload }))
    return undefined;
  return findRuleWish(message_text);
}

async function mayState(reader: Reader, { user_id: id }: StatedBy): Promise<boolean> {
  const user = id === null ? undefined : await reader.first(userById, { id });
  return user !== undefined && isAtLeast(user.role, "member");
}
