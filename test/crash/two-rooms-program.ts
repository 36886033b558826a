import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../src/core/clock.ts";
import { newId } from "../../src/core/ids.ts";
import { createSqliteEngine } from "../../src/orchestrator/engines/sqlite-engine.ts";
import type { JobHandler } from "../../src/orchestrator/job-handler.ts";
import { createWorkerPool } from "../../src/orchestrator/worker-pool.ts";
import { commitDecision } from "../../src/store/commit-decision.ts";
import { openSqliteStore } from "../../src/store/sqlite/sqlite-store.ts";
import { statement } from "../../src/store/statement.ts";
import { aMessage } from "../contracts/fixtures.ts";
import { createSeams, withSeams } from "./seams.ts";
import { AUDIT_KEY, MESSAGES, outsideFile, storeFile } from "./two-rooms.ts";

/** Two rooms and nothing else: one takes messages in, the other says each of them to the outside world. */
const directory = process.argv[2] ?? "";
const seams = createSeams();
const store = withSeams(
  openSqliteStore({
    file: storeFile(directory),
    clock: systemClock,
    auditKey: AUDIT_KEY,
    anchorFile: join(directory, "audit.anchor"),
  }),
  seams,
);
const CONTEXT_ID = "ctx_0000000000000000";
const deliveryOf = statement((db, p: { id: string }) =>
  db.selectFrom("deliveries").selectAll().where("id", "=", p.id),
);
const anyJob = statement((db, _p: Record<never, never>) =>
  db.selectFrom("jobs").select("id").limit(1),
);
const context = statement((db, _p: Record<never, never>) =>
  db.selectFrom("contexts").select("id").limit(1),
);

const handleMessage: JobHandler<"handle-message"> = {
  kind: "handle-message",
  async run({ job, settle }) {
    const deliveryId = newId("dlv");
    const address = { connector: "telegram", account: "77", externalId: "1001" } as const;
    await settle(async () => ({
      name: "handle-message",
      actor: "system",
      seen: [],
      effects: [
        {
          type: "queue-delivery",
          id: deliveryId,
          contextId: CONTEXT_ID,
          address,
          kind: "send",
          body: [],
          replyToExternalId: null,
          messageId: job.payload.messageId,
          runId: null,
          taskId: null,
          job: {
            id: newId("job"),
            kind: "deliver",
            payload: { deliveryId },
            lane: "out",
            priority: 15,
            runAtMs: 0,
          },
        },
        { type: "settle-message", id: job.payload.messageId, outcome: "answered", reason: null },
      ],
      settle: { kind: "done" },
    }));
  },
  onGiveUp: async () => ({ effects: [], seen: [] }),
};

const deliver: JobHandler<"deliver"> = {
  kind: "deliver",
  async run({ job, commit, settle }) {
    const row = await store.first(deliveryOf, { id: job.payload.deliveryId });
    if (row === undefined) throw new Error("the delivery is gone");
    const marked = row.state === "sending";
    const move = {
      type: "move-delivery",
      id: row.id,
      parts: null,
      partsSent: 0,
      receipts: "[]",
      marked,
      error: null,
    } as const;
    if (!marked) {
      const now = systemClock.now();
      await commit({
        name: "begin-send",
        actor: "system",
        now,
        seen: [],
        effects: [{ ...move, fromVersion: row.version, to: "sending" }],
      });
    }
    seams.pass("outside say", "before");
    appendFileSync(outsideFile(directory), `${row.message_id}${marked ? " again" : ""}\n`);
    seams.pass("outside say", "after");
    await settle(async () => ({
      name: "end-send",
      actor: "system",
      seen: [],
      effects: [
        {
          ...move,
          fromVersion: marked ? row.version : row.version + 1,
          to: "sent",
          partsSent: 1,
        },
      ],
      settle: { kind: "done" },
    }));
  },
  onGiveUp: async () => ({ effects: [], seen: [] }),
};

async function receive(): Promise<void> {
  await commitDecision(
    { store, clock: systemClock },
    { name: "receive-messages", actor: "system", cause: "batch" },
    async () => ({
      seen: [],
      effects: [
        ...((await store.first(context, {})) === undefined
          ? ([
              { type: "create-workspace", id: "ws_0", name: "Toy", ownerUserId: null },
              {
                type: "create-context",
                id: CONTEXT_ID,
                workspaceId: "ws_0",
                address: { connector: "telegram", account: "77", externalId: "1001" },
                kind: "private",
                title: "Ada",
              },
            ] as const)
          : []),
        ...MESSAGES.map((externalId) => ({
          ...aMessage(CONTEXT_ID, externalId),
          receivedAtMs: 1,
          rememberUntilMs: Number.MAX_SAFE_INTEGER,
        })),
      ],
    }),
  );
}

const workers = createWorkerPool({
  store,
  clock: systemClock,
  random: () => 0,
  log: { write: () => undefined },
  engine: createSqliteEngine(store, systemClock, newId("epoch")),
  handlers: [handleMessage, deliver],
  sizes: { light: 10, heavy: 1 },
});
await workers.start(new AbortController().signal);
// Like a channel that was never acknowledged, it hands the same messages over at every start.
await receive();
await store.changes.waitFor(
  (change) => change.topic === "jobs",
  async () => ((await store.first(anyJob, {})) === undefined ? true : undefined),
  new AbortController().signal,
);
await workers.stop();
await store.close();
if (!existsSync(outsideFile(directory)) || readFileSync(outsideFile(directory), "utf8") === "")
  process.exitCode = 1;
process.send?.({ finished: true, passed: seams.passed });
process.disconnect?.();
