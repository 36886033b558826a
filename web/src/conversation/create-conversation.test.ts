import { expect, test } from "vitest";
import { createMemoryStorage } from "../storage/memory-storage.ts";
import { createConversation } from "./create-conversation.ts";
import { createOutbox } from "./outbox.ts";

test("what is written is a message each time, and a button that is pressed again is the same one", () => {
  const { write, unsent } = createConversation(createOutbox(createMemoryStorage(), "usr_1"));
  for (const text of ["/help", "/help"]) write({ text });
  expect(new Set(unsent.get().map(({ messageId }) => messageId)).size).toBe(2);
  for (let presses = 0; presses < 2; presses += 1) {
    write({ text: "/cancel", isPressed: true, messageId: "dlv_1:0" });
  }
  expect(unsent.get().slice(2)).toMatchObject([
    { messageId: "dlv_1:0", text: "/cancel", isPressed: true },
  ]);
});
