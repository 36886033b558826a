import { expect, test } from "vitest";
import { createMemoryStorage } from "../storage/memory-storage.ts";
import { createOutbox } from "./outbox.ts";

test("keeps messages in the order they were written, across tabs and reloads", () => {
  const storage = createMemoryStorage();
  createOutbox(storage, "usr_1").put({ messageId: "b", text: "second", writtenAtMs: 2 });
  createOutbox(storage, "usr_1").put({ messageId: "c", text: "first", writtenAtMs: 1 });
  const reloaded = createOutbox(storage, "usr_1");
  expect(reloaded.list().map((message) => message.text)).toEqual(["first", "second"]);
  reloaded.remove("c");
  expect(createOutbox(storage, "usr_1").list()).toHaveLength(1);
});

test("never shows one user's messages to another", () => {
  const storage = createMemoryStorage();
  createOutbox(storage, "usr_1").put({ messageId: "a", text: "mine", writtenAtMs: 1 });
  expect(createOutbox(storage, "usr_2").list()).toEqual([]);
});

test("passes over what it cannot read", () => {
  const storage = createMemoryStorage();
  storage.setItem("agent-runtime.unsent.usr_1.x", "{");
  storage.setItem("agent-runtime.unsent.usr_1.y", "null");
  storage.setItem("agent-runtime.unsent.usr_1.z", '{"messageId":1}');
  expect(createOutbox(storage, "usr_1").list()).toEqual([]);
});
