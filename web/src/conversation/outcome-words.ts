import type { ConversationItem } from "../../../src/client/shapes/conversation.ts";

export interface OutcomeNote {
  readonly tone: "quiet" | "bad";
  readonly text: string;
}

const REASONS: Readonly<Record<string, string>> = {
  cancelled: "Cancelled.",
  not_paired: "Not handled: this user is not paired.",
  rate_limited: "Not handled: too many messages at once. Send it again in a minute.",
  empty: "Not handled: there was no text in it.",
  no_text: "Not handled: there was no text in it.",
};

/** What a person should know of how their message ended; nothing when its answer says it all. */
export function describeOutcome(item: ConversationItem): OutcomeNote | undefined {
  const { reason } = item;
  switch (item.outcome) {
    case "pending":
      return item.run_state === "parked"
        ? { tone: "quiet", text: "Waits for an approval." }
        : undefined;
    case "failed":
      if (reason === "cancelled") return { tone: "quiet", text: "Cancelled." };
      return { tone: "bad", text: REASONS[reason] ?? withReason("Failed", reason) };
    case "dropped":
      return { tone: "bad", text: REASONS[reason] ?? withReason("Not handled", reason) };
    case "task":
      return { tone: "quiet", text: "Became a task." };
    default:
      return undefined;
  }
}

function withReason(what: string, reason: string): string {
  return reason === "" ? `${what}.` : `${what}: ${reason.replaceAll("_", " ")}.`;
}
