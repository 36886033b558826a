import type { OutcomeKind } from "../core/message/inbound-message.ts";

/** What the person who pressed a button reads in passing. At most 200 characters, as Telegram has it. */
const ANSWERS: Readonly<Record<string, string>> = {
  button_for_another: "This button is for the person I answered. Ask me yourself.",
  button_used: "This button was used already.",
  access_denied: "Your role does not allow that. Ask an admin.",
  unknown_button: "I no longer know this button. Send the command instead.",
  not_paired: "I do not know you yet. Send me /pair in a private chat.",
  rate_limited: "That is too much at once. Try again in a minute.",
  anonymous_sender: "I cannot see who you are. Press it as yourself, not as the group.",
};

/** `undefined`: the reply in the chat says it all. */
export function answerToPress(settled: {
  readonly outcome: OutcomeKind | "pending";
  readonly reason: string | null;
  readonly told_presser: string | null;
}): string | undefined {
  if (settled.told_presser !== null) return settled.told_presser;
  return settled.outcome === "dropped" ? ANSWERS[settled.reason ?? ""] : undefined;
}
