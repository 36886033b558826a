import { expect, test } from "vitest";
import type { ConnectorName } from "../message/inbound-message.ts";
import { doc, p } from "../rich-text/build.ts";
import { queueReply } from "./queue-reply.ts";

const reply = (connector: ConnectorName) =>
  queueReply({
    context: { id: "ctx_1", connector, account: "77", external_id: "-5" },
    body: doc(p("hi")),
    messageId: "msg_1",
    runId: null,
    taskId: null,
    replyToExternalId: "-5:9",
    now: 1_000,
  });

test("queues a job in the lane of the conversation", () => {
  const { id, job } = reply("telegram");
  expect(job).toMatchObject({
    kind: "deliver",
    payload: { deliveryId: id },
    lane: "out:ctx_1",
    runAtMs: 1_000,
  });
});

test.each(["web", "cli", "api", "codex", "cline", "gemini"] as const)(
  "needs no job for %s, which reads its replies itself",
  (connector) => {
    expect(reply(connector).job).toBeNull();
  },
);
