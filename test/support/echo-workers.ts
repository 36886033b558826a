import type { Clock } from "../../src/core/clock.ts";
import { queueReply } from "../../src/core/delivery/queue-reply.ts";
import { newId } from "../../src/core/ids.ts";
import { buttons, doc, p } from "../../src/core/rich-text/build.ts";
import type { Service } from "../../src/core/service.ts";
import { createSqliteEngine } from "../../src/orchestrator/engines/sqlite-engine.ts";
import type { JobHandler } from "../../src/orchestrator/job-handler.ts";
import { createWorkerPool } from "../../src/orchestrator/worker-pool.ts";
import { contextById } from "../../src/store/queries/contexts.ts";
import { messageById } from "../../src/store/queries/messages.ts";
import type { TestStore } from "./open-test-store.ts";

/** Real workers with the smallest gateway there can be: it says every message back in two replies, or drops `drop`. */
export async function startEchoWorkers(test: TestStore<Clock>): Promise<Service> {
  const { store, clock } = test;
  const echo: JobHandler<"handle-message"> = {
    kind: "handle-message",
    run: (context) =>
      context.settle(async (now) => {
        const message = await store.first(messageById, { id: context.job.payload.messageId });
        const conversation =
          message && (await store.first(contextById, { id: message.context_id }));
        if (message === undefined || conversation === undefined)
          throw new Error("the message is gone");
        const done = { name: "echo", actor: "system", seen: [], settle: { kind: "done" } } as const;
        if (message.text === "drop") {
          return {
            ...done,
            effects: [
              { type: "settle-message", id: message.id, outcome: "dropped", reason: "test" },
            ],
          };
        }
        const about = {
          context: conversation,
          messageId: message.id,
          runId: null,
          taskId: null,
          replyToExternalId: null,
          now,
        };
        return {
          ...done,
          effects: [
            queueReply({ ...about, body: doc(p(`You said: ${message.text}`)) }),
            queueReply({
              ...about,
              body: doc(p("That is all."), buttons({ label: "Help", command: "/help" })),
            }),
            { type: "settle-message", id: message.id, outcome: "answered", reason: null },
          ],
        };
      }),
    onGiveUp: async () => ({ effects: [], seen: [] }),
  };
  const workers = createWorkerPool({
    store,
    clock,
    random: () => 0,
    log: { write: () => undefined },
    engine: createSqliteEngine(store, clock, newId("epoch")),
    handlers: [echo],
    sizes: { light: 3, heavy: 1 },
  });
  await workers.start(new AbortController().signal);
  return workers;
}
