import { afterEach, expect, test } from "vitest";
import { createFastClock } from "../crash/whole-runtime/fast-clock.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { addPerson, pairOwner } from "../support/pair-people.ts";

const HOUR_MS = 60 * 60_000;
let t: TestRuntime;
afterEach(() => t.close());

test("a report that nobody looks at is told once in the hub when its time has passed, and again when it was routed anew", async () => {
  const clock = createFastClock(1, Date.now());
  t = await openTestRuntime({ telegram: true, clock, env: { LLM_ENABLED: "false" } });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "/admin-channel enable hub");
  await t.telegram.nextSent(({ text }) => text.startsWith("This is a hub"));
  const group = t.telegram.group(-55, "Garden");
  t.telegram.say(group, owner.user, "/settings triage on");
  await t.telegram.nextSent(({ text }) => text.startsWith("That holds from the next message on."));
  t.telegram.say(group, addPerson(t, 6666, "Eve").user, "The gate is broken");
  const { id } = await t.row("tasks", ({ title }) => title.includes("The gate"));
  await t.idle();

  const notices = () => t.telegram.sent.filter(({ text }) => text.startsWith("A task is overdue:"));
  /** Lets time pass; the reply shows that the runtime has looked at its queue since. */
  async function passHours(hours: number, state: string) {
    clock.jump(hours * HOUR_MS);
    t.telegram.say(group, owner.user, "/tasks");
    await t.telegram.nextSent(({ text }) => text.includes(`${id} ${state}`));
  }
  await passHours(7, "blocked: ");
  expect(notices()).toEqual([]);
  clock.jump(2 * HOUR_MS);
  t.telegram.say(group, owner.user, "/tasks");
  const notice = await t.telegram.nextSent(({ text }) => text.startsWith("A task is overdue:"));
  expect(notice.chatId).toBe(owner.chat.id);
  expect(notice.text).toContain(`${id} blocked, p2, was due`);
  expect(notice.text).toContain("[ISSUE] The gate is broken");
  const view = await t.api("GET", "/api/v1/tasks?overdue=true");
  expect(view.body.items).toMatchObject([{ id, is_overdue: true, status: "blocked" }]);

  await t.restart();
  await passHours(9, "blocked, overdue since ");
  await t.idle();
  expect(notices()).toHaveLength(1);

  t.telegram.say(owner.chat, owner.user, `/route ${id} issue p1 1h`);
  await t.telegram.nextSent(({ text }) => text.includes("is issue, p1"));
  expect((await t.api("GET", "/api/v1/tasks?overdue=true")).body.items).toEqual([]);
  clock.jump(2 * HOUR_MS);
  t.telegram.say(group, owner.user, "/tasks");
  await t.telegram.nextSent(({ text }) => text.includes(`${id} blocked, p1, was due`));
  expect(notices()).toHaveLength(2);
});
