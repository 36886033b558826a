import type { Effect } from "../core/effect/effect.ts";
import type { MessageRow } from "../store/queries/messages.ts";
import { type MessageFacts, readPayload } from "./message-facts.ts";

/** The reason of whatever its sender has put something newer in the place of. */
export const REPLACED = "replaced";

/** Nobody has decided what is to become of it. */
export function isUntouched({ outcome, rule }: MessageRow): boolean {
  return outcome === "pending" && rule === null;
}

/**
 * A message that was edited before anybody looked at it says what its newest edit says; what it said before is not
 * handled, and neither are the edits.
 */
export function takeNewestEdit(facts: MessageFacts): {
  readonly facts: MessageFacts;
  readonly effects: readonly Effect[];
} {
  const { message, versions, person } = facts;
  const [newest] = versions?.edits ?? [];
  if (message.kind !== "message" || newest === undefined || !isUntouched(newest)) {
    return { facts, effects: [] };
  }
  const waiting = (versions?.edits ?? []).filter(isUntouched);
  const { text, addressed, reply_to_external_id, payload } = newest;
  const { dropReason, files = [], isQuoted = false } = readPayload(payload);
  return {
    facts: {
      ...facts,
      message: { ...message, text, addressed, reply_to_external_id, payload },
      dropReason,
      files,
      isQuoted,
      seen: [
        ...facts.seen,
        ...waiting.map(({ id, version }) => ({ table: "messages" as const, id, version })),
      ],
    },
    effects: [
      { type: "replace-message", id: message.id, editId: newest.id },
      ...waiting.map(
        ({ id }): Effect => ({
          type: "decide-message",
          id,
          rule: REPLACED,
          identityId: person?.identity_id ?? null,
          trust: person === undefined ? "stranger" : "paired",
          runId: null,
          taskId: null,
          outcome: "dropped",
          reason: REPLACED,
          // It stands in the message now.
          forgetText: true,
        }),
      ),
    ],
  };
}
