import type { Seen } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import type { OutcomeKind } from "../core/message/inbound-message.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import type { ContextRow } from "../store/queries/contexts.ts";

/** What is to become of a message: exactly one outcome, and all that follows from it. */
export interface Verdict {
  /** Which rule decided: `command:help`, `conversation`, `not_paired`, … */
  readonly rule: string;
  /** `pending`: the turn that `effects` start will settle it. */
  readonly outcome: OutcomeKind | "pending";
  readonly reason: string | null;
  readonly reply?: RichText | undefined;
  /** The reply is a copy of this card. */
  readonly card?: string;
  /** Where the reply goes, when that is not where the message came from. */
  readonly replyIn?: ContextRow;
  /** Of a press: what whoever pressed reads in passing, instead of a reply in the chat. */
  readonly toldPresser?: string;
  readonly effects?: readonly Effect[];
  readonly seen?: readonly Seen[];
  readonly runId?: string;
  readonly taskId?: string;
}

export function dropped(reason: string, more: Partial<Verdict> = {}): Verdict {
  return { rule: reason, outcome: "dropped", reason, ...more };
}
