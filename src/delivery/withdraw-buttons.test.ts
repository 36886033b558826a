import { afterEach, beforeEach, expect, test } from "vitest";
import { aContext } from "../../test/support/open-delivery.ts";
import { openTestStore, type TestStore } from "../../test/support/open-test-store.ts";
import { formatButtonData } from "../core/delivery/button-data.ts";
import type { ButtonsChange, ChangeResult } from "../core/delivery/outbound-part.ts";
import type { Effect } from "../core/effect/effect.ts";
import type { JobKind } from "../core/job/job.ts";
import { PRIORITY } from "../core/job/lanes.ts";
import { buttons, doc, p } from "../core/rich-text/build.ts";
import { createSqliteEngine } from "../orchestrator/engines/sqlite-engine.ts";
import type { JobHandler } from "../orchestrator/job-handler.ts";
import { runJob } from "../orchestrator/run-job.ts";
import { jobById } from "../store/queries/jobs.ts";
import type { ChannelSender } from "./ports.ts";
import { telegramFormat } from "./render/telegram.ts";
import { createWithdrawButtonsHandler } from "./withdraw-buttons.ts";

const DELIVERY = "dlv_1";
const BODY = doc(
  p("Which?"),
  buttons(
    { label: "Yes", command: "/yes" },
    { label: "No", command: "/no" },
    { label: "Later", command: "/later" },
  ),
);
const DAY_MS = 24 * 60 * 60_000;

let opened: TestStore;
let changes: ButtonsChange[];
let answers: ChangeResult[];
let slots: number[];
beforeEach(async () => {
  [opened, changes, answers, slots] = [await openTestStore(), [], [], []];
  await commit(
    { type: "create-workspace", id: "ws", name: "Chat", ownerUserId: null },
    aContext("ctx", "ws", { connector: "telegram", account: "77", externalId: "1001" }),
    {
      type: "queue-delivery",
      id: DELIVERY,
      contextId: "ctx",
      address: { connector: "telegram", account: "77", externalId: "1001" },
      kind: "send",
      body: BODY,
      replyToExternalId: null,
      messageId: null,
      runId: null,
      taskId: null,
      job: null,
    },
    enqueue("job_1"),
  );
});
afterEach(() => opened.close());

async function commit(...effects: readonly Effect[]): Promise<void> {
  const { store, clock } = opened;
  const step = { name: "test", actor: "system", cause: "test", now: clock.now() };
  expect(await store.commit({ ...step, effects })).toBe("committed");
}

function enqueue(id: string, more: { readonly pointlessIndex?: number } = {}): Effect {
  const payload = { deliveryId: DELIVERY, ...more };
  const lane = `buttons:${DELIVERY}`;
  const runAtMs = opened.clock.now();
  return {
    type: "enqueue-job",
    job: { id, kind: "withdraw-buttons", payload, lane, priority: PRIORITY.outbound, runAtMs },
  };
}

/** The message with its buttons is in the chat, under this id. */
function arrived(receipts: readonly string[] = ["1001:9"]): Promise<void> {
  const parts = telegramFormat.render(BODY, (index) => formatButtonData(DELIVERY, index));
  return commit({
    type: "move-delivery",
    id: DELIVERY,
    fromVersion: 1,
    to: "sent",
    parts: JSON.stringify(parts),
    partsSent: receipts.length,
    receipts: JSON.stringify(receipts),
    marked: false,
    error: null,
  });
}

const use = (index: number) =>
  commit({ type: "use-button", deliveryId: DELIVERY, index, messageId: `msg_${index}` });

/** Works on what is due; tells until when the job waits, or `undefined` when it is over. */
async function work(given: { account?: string; isFixed?: boolean } = {}) {
  const { store, clock } = opened;
  const changeButtons = async (change: ButtonsChange) => {
    changes.push(change);
    return answers.shift() ?? ({ kind: "done" } as const);
  };
  const sender: ChannelSender = {
    send: () => Promise.reject(new Error("nothing is sent here")),
    ...(given.isFixed === true ? {} : { changeButtons }),
    reserveSlot: () => slots.shift() ?? 0,
  };
  const account = given.account ?? "77";
  const log = { write: () => undefined };
  const handler = createWithdrawButtonsHandler({
    store,
    clock,
    log,
    random: () => 0,
    channels: new Map([["telegram", { account, format: telegramFormat, sender }]]),
  });
  const engine = createSqliteEngine(store, clock, "epoch");
  for (const job of await engine.claim("outbound", 10, clock.now())) {
    const anyHandler = handler as unknown as JobHandler<JobKind>;
    await runJob({ store, clock, log, random: () => 0 }, anyHandler, job).done;
  }
  const job = await store.first(jobById, { id: "job_1" });
  return job === undefined ? undefined : Number(job.run_at_ms) - clock.now();
}

test("takes off every button that was used, leaves the others, and is done", async () => {
  await arrived();
  await use(1);
  await use(2);
  expect(await work()).toBeUndefined();
  expect(changes).toMatchObject([
    {
      to: { connector: "telegram", account: "77", externalId: "1001" },
      externalMessageId: "1001:9",
      buttons: [[{ label: "Yes", data: `${DELIVERY}:0` }]],
    },
  ]);
});

test("takes off one that can do nothing any more, though nobody used it", async () => {
  await arrived();
  await work();
  await use(2);
  await commit(enqueue("job_2", { pointlessIndex: 0 }));
  await work();
  expect(changes.at(-1)?.buttons).toEqual([[{ label: "No", data: `${DELIVERY}:1` }]]);
});

test("takes the last button off with its row", async () => {
  await arrived();
  for (const index of [0, 1, 2]) await use(index);
  await work();
  expect(changes).toMatchObject([{ buttons: [] }]);
});

test("waits for the receipt of what it stands under: a press can be quicker", async () => {
  await use(0);
  expect(await work()).toBe(1_000);
  expect(changes).toEqual([]);
  await arrived();
  opened.clock.advance(1_000);
  expect(await work()).toBeUndefined();
  expect(changes).toHaveLength(1);
});

test("keeps the pace of the chat, with one slot", async () => {
  await arrived();
  await use(0);
  slots.push(700);
  expect(await work()).toBe(700);
  opened.clock.advance(700);
  slots.push(0);
  expect(await work()).toBeUndefined();
  expect(changes).toHaveLength(1);
});

test("waits as long as the platform says, and else longer the older the message is", async () => {
  await arrived();
  await use(0);
  answers.push({ kind: "not_done", error: "429", retryAfterMs: 20_000 });
  answers.push({ kind: "not_done", error: "502" });
  expect(await work()).toBe(20_000);
  opened.clock.advance(20_000);
  expect(await work()).toBe(10_000);
  opened.clock.advance(10 * 60_000);
  answers.push({ kind: "not_done", error: "502" });
  expect(await work()).toBe(60_000);
});

test("ends when the message is gone, after a day, and where buttons do not stay", async () => {
  await arrived();
  await use(0);
  answers.push({ kind: "rejected", error: "message to edit not found" });
  expect(await work()).toBeUndefined();
  await commit(enqueue("job_1"));
  expect(await work({ isFixed: true })).toBeUndefined();
  await commit(enqueue("job_1"));
  expect(await work({ account: "78" })).toBeUndefined();
  expect(changes).toHaveLength(1);
  opened.clock.advance(DAY_MS + 1);
  await commit(enqueue("job_1"));
  answers.push({ kind: "not_done", error: "502" });
  expect(await work()).toBeUndefined();
  expect(changes).toHaveLength(2);
});
