import type { User } from "./bot-api/chats.ts";
import type { TestRuntime } from "./open-test-runtime.ts";

/** Reads the next answer that waits for an approval, and lets it be said. */
export async function allowAnswer(t: TestRuntime, admin: User) {
  const card = await t.telegram.nextSent(({ text }) => text.startsWith("Say this?"));
  t.telegram.press(card, "Approve", admin);
  return card;
}
