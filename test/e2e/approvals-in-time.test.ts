import Database from "better-sqlite3";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { ASK_ALL, approvalScene, WRITES } from "../support/approval-scene.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

let t: TestRuntime;
afterEach(() => t.close());

const { chat, decide, parked, over, written } = approvalScene(() => t);

test("what is decided just before the runtime ends is done by the next one, once", async () => {
  t = await openTestRuntime({ model: createScriptedModel(...WRITES), env: ASK_ALL });
  await chat({ wait_seconds: 0 });
  const { id } = await parked();
  await t.restart();
  const deciding = decide(id, true);
  await t.row("approvals", ({ state }) => state === "approved");
  await Promise.all([deciding.catch(() => undefined), t.restart()]);
  expect((await decide(id, false)).status).toBe(409);
  await over();
  expect(written()).toHaveLength(1);
  expect(await t.rows("approvals")).toMatchObject([{ state: "approved", execution: "succeeded" }]);
});

/** The clock of the machine, moved on by hand. */
function movedClock() {
  let movedMs = 0;
  const clock = { ...systemClock, now: () => systemClock.now() + movedMs };
  return {
    clock,
    moveHours(hours: number): void {
      movedMs += hours * 3_600_000;
    },
  };
}

test("one that is parked for seven days over twenty restarts is reminded of, and done when it is approved", async () => {
  const { clock, moveHours } = movedClock();
  const model = createScriptedModel(...WRITES);
  const env = { ...ASK_ALL, APPROVAL_HOURS: "24,filesystem=336" };
  t = await openTestRuntime({ model, clock, env });
  await chat({ wait_seconds: 0 });
  const { id } = await parked();
  for (let day = 0; day < 20; day += 1) {
    moveHours(8.4);
    await t.restart();
  }
  moveHours(1);
  await t.restart();
  await t.row("approvals", ({ reminded_at_ms: at }) => at !== null);
  expect(await t.rows("approvals")).toMatchObject([{ state: "pending" }]);
  expect(model.calls).toHaveLength(1);
  expect((await decide(id, true)).status).toBe(200);
  await over();
  expect(written()).toHaveLength(1);
  expect(model.calls).toHaveLength(2);
});

test("one that is too old is not decided any more, and the work goes on without it", async () => {
  const { clock, moveHours } = movedClock();
  const model = createScriptedModel(...WRITES);
  t = await openTestRuntime({ model, clock, env: { ...ASK_ALL, APPROVAL_HOURS: "1" } });
  await chat({ wait_seconds: 0 });
  const { id } = await parked();
  moveHours(2);
  expect(await decide(id, true)).toMatchObject({
    status: 409,
    body: { error: expect.stringContaining("expired"), approval: { id } },
  });
  await t.restart();
  await over();
  expect((await chat()).body.reply).toContain("Not done, nobody decided in time");
  expect(await decide(id, true)).toMatchObject({
    status: 409,
    body: { approval: { state: "expired" } },
  });
  expect(written()).toEqual([]);
});

test("a call that is not the approved one any more is not made", async () => {
  t = await openTestRuntime({ model: createScriptedModel(...WRITES), env: ASK_ALL });
  await chat({ wait_seconds: 0 });
  const { id } = await parked();
  await t.stop();
  const database = new Database(t.dbPath);
  const other = JSON.stringify({ path: "notes.md", content: "something else" });
  database.prepare("update run_steps set arguments = ? where kind = 'tool'").run(other);
  database.close();
  await t.restart();
  expect((await decide(id, true)).body).toMatchObject({ arguments: { content: "hello" } });
  await over();
  expect((await chat()).body.reply).toContain("Not done, though approved by");
  expect(await t.rows("approvals")).toMatchObject([{ execution: "not_executed" }]);
  expect(written()).toEqual([]);
});

test("what was asked about under other rules is not done under these, and a person is told so", async () => {
  t = await openTestRuntime({ model: createScriptedModel(...WRITES), env: ASK_ALL });
  await chat({ wait_seconds: 0 });
  const { id } = await parked();
  await t.restart({ env: { APPROVAL_PRESET: "sensitive-only" } });
  expect((await decide(id, true)).status).toBe(200);
  await over();
  expect((await chat()).body.reply).toContain("Not done, though approved by");
  expect(await t.rows("approvals")).toMatchObject([{ id, execution: "not_executed" }]);
  expect(written()).toEqual([]);
});
