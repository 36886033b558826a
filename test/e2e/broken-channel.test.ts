import { afterEach, expect, test } from "vitest";
import { createFastClock } from "../crash/whole-runtime/fast-clock.ts";
import { logInToPage } from "../support/log-in-to-page.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner, pairPerson } from "../support/pair-people.ts";

const SPEED = 8;

let t: TestRuntime;
afterEach(() => t.close());

const isDead = ({ state }: { readonly state: string }) => state === "dead";

test("when Telegram takes nothing at all, admins read it on the page, over HTTP and in the log, and telling ends", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const ann = await pairPerson(t, { id: 2002, name: "Ann" });
  const page = await logInToPage(t);
  t.telegram.say(owner.chat, owner.user, "/admin-channel enable hub");
  await t.telegram.nextSent();
  await t.idle();
  const sentBefore = t.telegram.sent.length;
  const refused = { kind: "refuse", status: 403, description: "Forbidden: bot is banned" } as const;
  t.telegram.fault("sendMessage", refused, 1_000);
  t.telegram.say(ann.chat, ann.user, "/help");
  // Ann's reply, and the notice of it in the admin channel; that one is told on the page and nowhere else.
  await t.until(async () =>
    (await t.rows("deliveries")).filter(isDead).length === 2 ? true : undefined,
  );
  await t.idle();
  const told = (await page("GET", "/api/v1/conversation")).body.items.map(
    ({ text }: { text: string }) => /deliver a reply to `(\w+).*403: Forbidden/.exec(text)?.[1],
  );
  expect(told.filter((name: unknown) => name !== undefined).sort()).toEqual(["Ann", "Olga"]);
  expect((await t.api("GET", "/api/v1/deliveries?state=dead")).body.count).toBe(2);
  expect((await t.api("GET", "/api/v1/dead-letters")).body.count).toBe(2);
  const status = await t.api("POST", "/api/v1/chat", { text: "/status" });
  expect(status.body.reply).toContain("Dead letters: 2. ");
  expect(t.logLines.filter((line) => line.includes('"result":"rejected"'))).toHaveLength(2);
  expect((await t.api("GET", "/metrics")).body).toContain('agent_runtime_jobs{state="dead"} 2');

  t.telegram.clearFaults();
  t.telegram.say(ann.chat, ann.user, "/help");
  await t.telegram.nextSent(({ chatId }) => chatId === 2002);
  await t.idle();
  expect(t.telegram.sent).toHaveLength(sentBefore + 1);
  expect((await t.rows("deliveries")).filter(isDead)).toHaveLength(2);
});

test("429 in two chats rests the whole bot until its time, and nothing is lost or doubled", async () => {
  t = await openTestRuntime({ telegram: true, clock: createFastClock(SPEED, Date.now()) });
  const [one, two, three] = [
    await pairOwner(t),
    await pairOwner(t, 1002),
    await pairOwner(t, 1003),
  ];
  const sentBefore = t.telegram.sent.length;
  t.telegram.fault("sendMessage", { kind: "flood", retryAfter: 6 }, 2);
  const saidMs = performance.now();
  t.telegram.say(one.chat, one.user, "/help");
  t.telegram.say(two.chat, two.user, "/help");
  await t.until(async () => {
    const waiting = (await t.rows("deliveries")).filter(({ error }) => error?.includes("(429)"));
    return waiting.length === 2 ? true : undefined;
  });
  t.telegram.say(three.chat, three.user, "/help");
  const chats = [(await t.telegram.nextSent()).chatId];
  expect((performance.now() - saidMs) * SPEED).toBeGreaterThanOrEqual(5_900);
  for (let n = 0; n < 2; n += 1) chats.push((await t.telegram.nextSent()).chatId);
  expect(chats.sort()).toEqual([1001, 1002, 1003]);
  await t.idle();
  expect(t.telegram.sent).toHaveLength(sentBefore + 3);
});
