import type { User } from "./bot-api/chats.ts";
import type { TestRuntime } from "./open-test-runtime.ts";

/** Reads the next answer that waits for an approval, and lets it be said; settles when that is known. */
export async function allowAnswer(t: TestRuntime, admin: User) {
  const card = await t.telegram.nextSent(({ text }) => text.startsWith("Say this?"));
  t.telegram.press(card, "Approve", admin);
  await t.row("approvals", ({ id, state }) => card.text.includes(id) && state === "approved");
  return card;
}
