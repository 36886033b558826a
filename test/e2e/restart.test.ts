import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { createHeldModel } from "../support/held-model.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner } from "../support/pair-people.ts";

let t: TestRuntime;
afterEach(() => t.close());

test("a service stopped in the middle goes on where it was: nothing lost, nothing twice", async () => {
  const slow = createHeldModel();
  t = await openTestRuntime({ telegram: true, model: slow });
  const owner = await pairOwner(t);
  const say = (text: string) => t.telegram.say(owner.chat, owner.user, text);
  say("one");
  await slow.begun(1);
  say("two");
  say("/task three");
  await slow.begun(2);
  const chat = await t.api("POST", "/api/v1/chat", {
    text: "four",
    message_id: "m",
    wait_seconds: 0,
  });
  expect(chat.status).toBe(202);
  await t.stop();
  expect(slow.aborted).toBeGreaterThanOrEqual(2);
  // People go on writing while nobody is there.
  say("five");
  t.telegram.updates.redeliver(3);

  const quick = createHeldModel();
  quick.release();
  await t.restart({ model: quick });
  const answered = await t.api("POST", "/api/v1/chat", { text: "four", message_id: "m" });
  expect(answered.body).toMatchObject({
    reply: "Answer to: four",
    message_id: chat.body.message_id,
  });
  await t.telegram.nextSent(({ text }) => text === "Answer to: five");
  await t.telegram.nextSent(({ text }) => text.startsWith("Done: three"));
  await t.idle();

  expect(
    t.telegram.sent.map(({ text }) => text).filter((text) => text.startsWith("Answer")),
  ).toEqual(["Answer to: one", "Answer to: two", "Answer to: five"]);
  expect([...quick.asked].sort()).toEqual(["five", "four", "one", "three", "two"]);
  expect((await t.rows("messages")).map(({ outcome }) => outcome)).toEqual([
    "answered",
    "answered",
    "answered",
    "task",
    "answered",
    "answered",
  ]);
  expect((await t.rows("tasks")).map(({ status }) => status)).toEqual(["succeeded"]);
});

test("replies that were not sent when the service stopped are sent by the next one, once", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  await t.idle();
  t.telegram.fault("sendMessage", { kind: "flood", retryAfter: 600 });
  t.telegram.say(owner.chat, owner.user, "/help");
  t.telegram.say(owner.chat, owner.user, "/tasks");
  await t.row("deliveries", ({ error }) => error !== null);
  await t.until(async () => ((await t.rows("deliveries")).length === 3 ? true : undefined));
  await t.stop();
  expect(t.telegram.sent).toHaveLength(1);
  // Ten minutes later.
  await t.restart({ clock: { ...systemClock, now: () => systemClock.now() + 601_000 } });
  const texts = [await t.telegram.nextSent(), await t.telegram.nextSent()].map(({ text }) => text);
  expect(texts[0]).toMatch(/^What you can do here/);
  expect(texts[1]).toMatch(/^There are no tasks/);
  await t.idle();
  expect(t.telegram.sent).toHaveLength(3);
});

test("tasks that wait or run go on after a restart, each done once", async () => {
  const slow = createHeldModel();
  t = await openTestRuntime({ telegram: true, model: slow, env: { DEFAULT_CONCURRENCY: "1" } });
  await t.api("POST", "/api/v1/tasks", { prompt: "one" });
  await t.api("POST", "/api/v1/tasks", { prompt: "two" });
  await slow.begun(1);
  slow.release();
  await t.restart({ model: slow });
  await t.until(async () => {
    const tasks = await t.rows("tasks");
    return tasks.every(({ status }) => status === "succeeded") ? true : undefined;
  });
  await t.idle();
  expect((await t.rows("runs")).filter(({ state }) => state === "succeeded")).toHaveLength(2);
});
