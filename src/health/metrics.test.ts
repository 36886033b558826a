import { afterEach, beforeEach, expect, it } from "vitest";
import { aReservation } from "../../test/support/a-reservation.ts";
import { openTestStore, type TestStore } from "../../test/support/open-test-store.ts";
import type { Effect } from "../core/effect/effect.ts";
import { newId } from "../core/ids.ts";
import { createCallTimes } from "../core/run/call-times.ts";
import { spendDay } from "../core/spend/spend-scope.ts";
import { createMetrics } from "./metrics.ts";
import type { ChannelHealth } from "./ports.ts";

let test: TestStore;
const callTimes = createCallTimes();
const address = { connector: "api", account: "a", externalId: "x" } as const;

beforeEach(async () => {
  test = await openTestStore();
  await commit([
    { type: "create-workspace", id: "ws_1", name: "w", ownerUserId: null },
    {
      type: "create-context",
      id: "ctx_1",
      workspaceId: "ws_1",
      address,
      kind: "private",
      title: "t",
    },
  ]);
});
afterEach(() => test.close());

const openMetrics = (listChannels: () => readonly ChannelHealth[] = () => []) =>
  createMetrics({
    store: test.store,
    clock: test.clock,
    loopLag: { recentMaxMs: () => 250 },
    listChannels,
    callTimes,
    version: "1.2.3",
  });

async function commit(effects: readonly Effect[]): Promise<void> {
  const now = test.clock.now();
  expect(
    await test.store.commit({ name: "test", actor: "system", cause: "test", now, effects }),
  ).toBe("committed");
}

const receive = (id: string) =>
  commit([
    {
      type: "record-message",
      id,
      contextId: "ctx_1",
      address,
      externalMessageId: id,
      kind: "message",
      senderExternalId: null,
      senderName: null,
      identityId: null,
      text: "hi",
      addressed: true,
      replyToExternalId: null,
      editOf: null,
      payload: null,
      trust: "stranger",
      sentAtMs: 0,
      receivedAtMs: 0,
      rememberUntilMs: 1,
      job: {
        id: `job_${id}`,
        kind: "handle-message",
        payload: { messageId: id },
        lane: "in:ctx_1",
        priority: 1,
        runAtMs: 0,
      },
    },
  ]);
const settle = (id: string, outcome: "answered" | "dropped" | "failed") =>
  commit([
    ...(outcome === "answered" ? [reply(id)] : []),
    { type: "settle-message", id, outcome, reason: outcome === "answered" ? null : "test" },
  ]);

const reply = (messageId: string | null): Effect => ({
  type: "queue-delivery",
  id: newId("dlv"),
  contextId: "ctx_1",
  address,
  kind: "send",
  body: [],
  replyToExternalId: null,
  messageId,
  runId: null,
  taskId: null,
  job: null,
});

/** The ledger as rendered; fails when it does not balance. */
async function ledger(metrics: { render(): Promise<string> }) {
  const text = await metrics.render();
  const value = (name: string): number =>
    Number(new RegExp(`^${name} (\\d+)$`, "m").exec(text)?.[1] ?? Number.NaN);
  const outcomes = ["answered", "task", "dropped", "failed", "pending"].map((outcome) =>
    value(`agent_runtime_messages{outcome="${outcome}"}`),
  );
  const accepted = value("agent_runtime_messages_accepted_total");
  expect(outcomes.reduce((sum, count) => sum + count, 0)).toBe(accepted);
  return { accepted, outcomes, text };
}

it("balances while messages come and settle in any order", async () => {
  const metrics = openMetrics();
  expect((await ledger(metrics)).accepted).toBe(0);
  for (const id of ["msg_1", "msg_2", "msg_3", "msg_4"]) await receive(id);
  await settle("msg_3", "answered");
  expect(await ledger(metrics)).toMatchObject({ accepted: 4, outcomes: [1, 0, 0, 0, 3] });
  await settle("msg_1", "failed");
  await settle("msg_2", "dropped");
  expect(await ledger(metrics)).toMatchObject({ accepted: 4, outcomes: [1, 0, 1, 1, 1] });
  await receive("msg_5");
  await settle("msg_4", "failed");
  const after = { accepted: 5, outcomes: [1, 0, 1, 2, 1] };
  expect(await ledger(metrics)).toMatchObject(after);
  expect(await ledger(openMetrics())).toMatchObject(after);
});

it("tells deliveries, jobs, lag, memory and version", async () => {
  await receive("msg_1");
  await commit([reply(null)]);
  const { text } = await ledger(openMetrics());
  expect(text).toContain('agent_runtime_deliveries{state="sent"} 1');
  expect(text).toContain('agent_runtime_jobs{state="ready"} 1');
  expect(text).toContain('agent_runtime_jobs{state="dead"} 0');
  expect(text).toContain("agent_runtime_event_loop_lag_seconds 0.25");
  expect(text).toContain('agent_runtime_info{version="1.2.3"} 1');
  expect(text).toMatch(/process_resident_memory_bytes \d{7,}/);
});

it("tells what models cost today, and what is put aside for calls under way", async () => {
  const day = spendDay(test.clock.now());
  const of = { runId: "run_1", workspaceId: "ws_1", contextId: "ctx_1", day };
  const done = aReservation({ ...of, reservedMicroUsd: 900_000 });
  const underWay = aReservation({ ...of, reservedMicroUsd: 250_000 });
  const settled = (id: string, costMicroUsd: number): Effect => ({
    type: "settle-usage",
    id,
    state: "settled",
    inputTokens: 1,
    outputTokens: 1,
    costMicroUsd,
  });
  await commit([
    {
      type: "create-run",
      id: "run_1",
      kind: "turn",
      workspaceId: "ws_1",
      contextId: "ctx_1",
      userId: null,
      messageId: null,
      taskId: null,
      taint: false,
    },
    { type: "move-run", id: "run_1", from: ["queued"], to: "parked", model: null, error: null },
    done,
    underWay,
    settled(done.id, 500_000),
  ]);
  const metrics = openMetrics();
  const today = await metrics.render();
  expect(today).toContain('agent_runtime_spend_today_usd{state="spent"} 0.5');
  expect(today).toContain('agent_runtime_spend_today_usd{state="reserved"} 0.25');
  expect(today).toMatch(/agent_runtime_model_calls_today\{model=".+"\} 2/u);
  expect(today).toMatch(/agent_runtime_model_tokens_today\{model=".+",direction="read"\} 1$/mu);
  await commit([settled(underWay.id, 250_000)]);
  test.clock.advance(24 * 60 * 60_000);
  const tomorrow = await metrics.render();
  expect(tomorrow).toContain('agent_runtime_spend_today_usd{state="spent"} 0');
  expect(tomorrow).not.toContain("agent_runtime_model_calls_today{");
});

it("tells of each channel whether it is up and when it was last heard from", async () => {
  let channel: ChannelHealth = {
    connector: "telegram",
    account: "",
    isUp: false,
    silentMs: undefined,
  };
  const metrics = openMetrics(() => [channel]);
  const first = await metrics.render();
  expect(first).toContain('agent_runtime_channel_up{connector="telegram",account=""} 0');
  expect(first).not.toContain("agent_runtime_channel_last_poll_age_seconds{");
  channel = { ...channel, account: "my_bot", isUp: true, silentMs: 2_500 };
  const second = await metrics.render();
  const labels = '{connector="telegram",account="my_bot"}';
  expect(second).toContain(`agent_runtime_channel_up${labels} 1`);
  expect(second).toContain(`agent_runtime_channel_last_poll_age_seconds${labels} 2.5`);
  expect(second).not.toContain('account=""');
});

it("tells how long calls of models and tools took", async () => {
  const call = { kind: "model", name: 'odd"name', outcome: "finished" } as const;
  callTimes.add({ ...call, durationMs: 1_200 });
  const text = await openMetrics().render();
  const labels = 'kind="model",name="odd\\"name",outcome="finished"';
  expect(text).toContain("# TYPE agent_runtime_call_seconds histogram");
  expect(text).toContain(`agent_runtime_call_seconds_bucket{${labels},le="1"} 0\n`);
  expect(text).toContain(`agent_runtime_call_seconds_bucket{${labels},le="2.5"} 1\n`);
  expect(text).toContain(`agent_runtime_call_seconds_bucket{${labels},le="+Inf"} 1\n`);
  expect(text).toContain(`agent_runtime_call_seconds_sum{${labels}} 1.2\n`);
  expect(text.endsWith(`agent_runtime_call_seconds_count{${labels}} 1\n`)).toBe(true);
});
