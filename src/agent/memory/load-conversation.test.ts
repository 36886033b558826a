import fc from "fast-check";
import { expect, test } from "vitest";
import { doc, p } from "../../core/rich-text/build.ts";
import { arrangeConversation, taintsOf } from "./load-conversation.ts";

const messageAt = (seq: number, atMs: number) => ({
  id: `msg_${seq}`,
  seq,
  kind: "message" as const,
  sender_name: "Ann",
  text: `m${seq}`,
  files: [],
  payload: null,
  received_at_ms: atMs,
});
const replyTo = (
  seq: number,
  messageId: string | null,
  atMs: number,
  taskId: string | null = null,
) => ({
  id: `dlv_${seq}`,
  seq,
  body: JSON.stringify(doc(p(`r${seq}`))),
  message_id: messageId,
  task_id: taskId,
  created_at_ms: atMs,
  message_seq: null,
  run_taint: null,
  run_tainted_by: null,
});
const of = {
  contextId: "ctx_1",
  contextKind: "private",
  messageId: "msg_3",
  messageSeq: 3,
} as const;

test("an answer stands behind its message even when others came in the same batch", () => {
  const messages = [messageAt(3, 100), messageAt(2, 100), messageAt(1, 100)];
  const replies = [replyTo(2, "msg_2", 120), replyTo(1, "msg_1", 110)];
  const texts = arrangeConversation(messages, replies, of).map((one) => one.text);
  expect(texts).toEqual(["m1", "r1", "m2", "r2", "m3"]);
});

test("the result of a task stands where it was told, the message being answered always last", () => {
  const messages = [messageAt(3, 300), messageAt(1, 100)];
  const replies = [replyTo(1, "msg_1", 200, "task_1"), replyTo(2, null, 400)];
  const texts = arrangeConversation(messages, replies, of).map((one) => one.text);
  expect(texts).toEqual(["m1", "r1", "r2", "m3"]);
});

test("who speaks is named in a group", () => {
  const [first] = arrangeConversation([messageAt(3, 1)], [], { ...of, contextKind: "group" });
  expect(first).toMatchObject({ speaker: "Ann", text: "m3" });
});

test("whose words a model reads is told by what was forwarded, by files, and by answers that read others' words", () => {
  const payload = JSON.stringify({ isQuoted: true });
  const tainted = { run_taint: 1 as const, run_tainted_by: '["the page x"]' };
  const utterances = arrangeConversation(
    [{ ...messageAt(1, 1), payload }, messageAt(2, 2)],
    [{ ...replyTo(1, "msg_1", 1), ...tainted }, replyTo(2, "msg_2", 2)],
    of,
  );
  expect(utterances.map((one) => taintsOf([one]))).toEqual([
    ["words that “Ann” passed on"],
    ["the page x"],
    [],
    [],
  ]);
});

test("nothing is lost or doubled by arranging", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 20 }), (times) => {
      const messages = times.map((at, index) => messageAt(index + 1, at));
      const replies = times.map((at, index) =>
        replyTo(index + 1, at % 2 ? `msg_${index + 1}` : null, at + 1),
      );
      const arranged = arrangeConversation(messages, replies, { ...of, messageId: null });
      expect(arranged.map((one) => one.text).sort()).toEqual(
        times.flatMap((_at, index) => [`m${index + 1}`, `r${index + 1}`]).sort(),
      );
    }),
  );
});
