import Database from "better-sqlite3";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { ASK_ALL, approvalScene, WRITES } from "../support/approval-scene.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

let t: TestRuntime;
let movedMs: number;
afterEach(() => t.close());

const { chat, decide, parked, over, written } = approvalScene(() => t);
const HOUR_MS = 3_600_000;
const MOST_ATTEMPTS = 5;
const clock = { ...systemClock, now: () => systemClock.now() + movedMs };

const inDatabase = (sql: string) => {
  const database = new Database(t.dbPath);
  database.exec(sql);
  database.close();
};
async function restartLater(hours: number): Promise<void> {
  movedMs += hours * HOUR_MS;
  await t.restart();
}
const expiries = async () =>
  (await t.rows("jobs")).filter(({ kind }) => kind === "expire-approval");

/** An approval whose end was given up: the store took nothing about it, however often that was tried. */
async function givenUp(): Promise<{ readonly id: string; readonly jobId: string }> {
  movedMs = 0;
  t = await openTestRuntime({
    clock,
    model: createScriptedModel(...WRITES),
    env: { ...ASK_ALL, APPROVAL_HOURS: "24" },
  });
  await chat({ wait_seconds: 0 });
  const { id } = await parked();
  inDatabase(
    "create trigger broken before update on approvals begin select raise(abort, 'broken'); end",
  );
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    await restartLater(attempt === 1 ? 13 : 1);
    await t.until(async () =>
      (await expiries()).some((job) => job.attempts >= attempt && job.state !== "running")
        ? true
        : undefined,
    );
  }
  const dead = await t.row(
    "jobs",
    ({ kind, state }) => kind === "expire-approval" && state === "dead",
  );
  inDatabase("drop trigger broken");
  return { id, jobId: dead.id };
}

const deadLetter = (act: "replay" | "drop", job_id: string) =>
  t.api(
    "POST",
    `/api/v1/dead-letters/${act}`,
    act === "drop" ? { job_id, reason: "old" } : { job_id },
  );

test("an approval whose end was given up ends all the same: it is not dropped, and replayed as often as one likes", async () => {
  const { id, jobId } = await givenUp();
  const { body } = await t.api("GET", "/api/v1/dead-letters");
  expect(body.items).toMatchObject([
    { id: jobId, about: id, advice: "The approval is still open. Replay it." },
  ]);
  expect((await deadLetter("drop", jobId)).status).toBe(409);
  expect((await deadLetter("replay", jobId)).status).toBe(202);
  expect((await deadLetter("replay", jobId)).status).toBe(409);
  // Now, and not when it would have been tried again by itself.
  await t.row("approvals", ({ reminded_at_ms: at }) => at !== null);
  await restartLater(24);
  await over();
  expect((await chat()).body.reply).toContain("Not done, nobody decided in time");
  expect((await decide(id, true)).status).toBe(409);
  await t.until(async () => ((await expiries()).length === 0 ? true : undefined));
  expect(written()).toEqual([]);
}, 60_000);

test("an approval whose end was given up is decided all the same, and then there is nothing to do again", async () => {
  const { id, jobId } = await givenUp();
  expect((await decide(id, true)).status).toBe(200);
  await over();
  expect(written()).toHaveLength(1);
  expect((await deadLetter("replay", jobId)).status).toBe(409);
  expect((await deadLetter("drop", jobId)).status).toBe(200);
  await restartLater(24);
  await t.until(async () => ((await expiries()).length === 0 ? true : undefined));
  expect(await t.rows("approvals")).toMatchObject([{ state: "approved", execution: "succeeded" }]);
  expect(written()).toHaveLength(1);
}, 60_000);
