import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../../src/core/clock.ts";
import { statement } from "../../../src/store/statement.ts";
import { type BootedRuntime, bootRuntime } from "../../support/boot-runtime.ts";
import { createHeldModel } from "../../support/held-model.ts";
import { createFastClock } from "./fast-clock.ts";

let t: BootedRuntime;
afterEach(() => t.close());

const HOUR_MS = 3_600_000;
const FACT_WITHIN_MS = 30_000;

/** The owner on Telegram, who may say things and hear of them. */
async function pairOwner() {
  const user = t.telegram.user(1001, "Olga");
  const chat = t.telegram.privateChat(user);
  const link = await t.store.changes.waitFor(
    () => true,
    () => t.createPairingLink(),
    AbortSignal.timeout(FACT_WITHIN_MS),
  );
  const say = (text: string) => t.telegram.say(chat, user, text);
  const hears = (text: string) =>
    t.telegram.nextSent((sent) => sent.text.startsWith(text), FACT_WITHIN_MS);
  say(`/start ${new URL(link).searchParams.get("start")}`);
  await hears("You are paired");
  return { say, hears };
}

const waitingDelivery = statement((db, p: { now: number }) =>
  db.selectFrom("jobs").select("id").where("kind", "=", "deliver").where("run_at_ms", ">", p.now),
);

const rowsOf = (table: "messages" | "deliveries" | "tasks") =>
  t.store.list((db) => db.selectFrom(table).selectAll());

test("a live runtime syncs its transactions to the disk", async () => {
  t = await bootRuntime();
  const pragmas = await t.store.transact(({ database }) => [
    database.pragma("synchronous", { simple: true }),
    database.pragma("journal_mode", { simple: true }),
  ]);
  expect(pragmas).toEqual([2, "wal"]);
});

test.each([
  ["back by five hours", -5 * HOUR_MS],
  ["forward by five hours", 5 * HOUR_MS],
])("the wall clock jumps %s in the middle: what waits goes on, in order", async (_how, jumpMs) => {
  const clock = createFastClock(1, systemClock.now());
  const model = createHeldModel();
  t = await bootRuntime({ clock, model });
  const { say, hears } = await pairOwner();
  say("one");
  await model.begun(1);
  say("two");
  say("/task three");
  await hears("Task");
  clock.jump(jumpMs);
  say("four");
  say("/help");
  await hears("What you can do here");
  model.release();
  for (const text of ["Answer to: one", "Answer to: two", "Answer to: four"]) await hears(text);
  await hears("Done: three");
  clock.jump(-2 * jumpMs);
  say("five");
  await hears("Answer to: five");
  expect(t.telegram.sent.filter(({ text }) => text.startsWith("Answer to"))).toHaveLength(4);
});

test("the wall clock jumps back while a reply waits: it is sent at its time, not hours later", async () => {
  const clock = createFastClock(1, systemClock.now());
  t = await bootRuntime({ clock });
  const { say, hears } = await pairOwner();
  t.telegram.fault("sendMessage", { kind: "flood", retryAfter: 3 });
  say("/help");
  await t.store.changes.waitFor(
    ({ topic }) => topic === "jobs",
    () => t.store.first(waitingDelivery, { now: clock.now() }),
    AbortSignal.timeout(FACT_WITHIN_MS),
  );
  const askedMs = clock.monotonicMs();
  clock.jump(-5 * HOUR_MS);
  await hears("What you can do here");
  expect(clock.monotonicMs() - askedMs).toBeGreaterThan(2_000);
});

test("the disk is full for a while: nothing is lost, nothing is done twice", async () => {
  t = await bootRuntime({ clock: createFastClock(5, systemClock.now()) });
  const { say, hears } = await pairOwner();
  say("/help");
  await hears("What you can do here");
  const database = await t.store.transact((connection) => connection.database);
  const room = database.pragma("max_page_count", { simple: true });
  database.pragma(`max_page_count = ${database.pragma("page_count", { simple: true })}`);

  const said = Array.from({ length: 30 }, (_, n) => `/task number ${n} ${"x".repeat(2_000)}`);
  for (const text of said) say(text);
  await expect(
    t.store.transact(({ database: full }) => {
      full.exec("create table filler (x)");
      full.exec("insert into filler values (zeroblob(10000000))");
    }),
  ).rejects.toMatchObject({ code: "unavailable" });
  // Telegram is asked again and again, and told nothing.
  for (let n = 0; n < 3; n += 1)
    await t.telegram.nextRequest(({ method }) => method === "getUpdates", FACT_WITHIN_MS);
  expect((await rowsOf("messages")).length).toBeLessThan(said.length);
  expect(t.telegram.updates.pending).toBeGreaterThan(0);

  database.pragma(`max_page_count = ${room}`);
  for (let n = 0; n < said.length; n += 1) await hears("Done: ");
  const messages = (await rowsOf("messages")).filter(({ text }) => text.startsWith("/task"));
  expect(messages.map(({ text }) => text)).toEqual(said);
  expect(messages.every(({ outcome }) => outcome === "task")).toBe(true);
  expect((await rowsOf("tasks")).map(({ status }) => status)).toEqual(said.map(() => "succeeded"));
  expect(t.telegram.sent.filter(({ text }) => text.startsWith("Done: "))).toHaveLength(30);
}, 60_000);
