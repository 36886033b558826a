import { expect, test } from "vitest";
import type { Fault } from "../../../test/support/bot-api/faults.ts";
import { openConnector } from "../../../test/support/bot-api/open-connector.ts";

/** The poll waits for 25 s; the rest is for its answer to be under way. */
const POLL_TIMEOUT_MS = 35_000;
const SHORT_TIMEOUT_MS = 10_000;
const EMPTY: Fault = { kind: "answer", body: '{"ok":true,"result":[]}' };

const isPoll = ({ method }: { readonly method: string }) => method === "getUpdates";

/** A connector whose first long poll goes wrong, and somebody who speaks. */
async function open(fault: Fault, times = 1) {
  const t = await openConnector();
  t.server.fault("getUpdates", EMPTY);
  t.server.fault("getUpdates", fault, times);
  const ada = t.server.user(123, "Ada");
  const chat = t.server.privateChat(ada);
  await t.started();
  // Of the first poll, which was answered.
  await t.nextWait(SHORT_TIMEOUT_MS);
  await t.server.nextRequest(isPoll);
  return {
    ...t,
    say: (text: string) => t.server.say(chat, ada, text),
    async passes(ms: number) {
      await t.nextWait(ms);
      t.clock.advance(ms);
    },
    /** The next poll is under way for so long. */
    async pollPasses() {
      await t.server.nextRequest(isPoll);
      await t.nextWait(SHORT_TIMEOUT_MS);
      t.clock.advance(SHORT_TIMEOUT_MS);
    },
    polls: () => t.server.requests.filter(isPoll).length,
    nextText: async () => (await t.nextReceipt()).messages[0]?.text,
  };
}

test("a poll that is never answered ends ten seconds after it should have been", async () => {
  const t = await open({ kind: "silent" });
  await t.nextWait(POLL_TIMEOUT_MS);
  t.clock.advance(POLL_TIMEOUT_MS - 1);
  expect(t.polls()).toBe(2);
  t.say("precious");
  t.clock.advance(1);
  await t.passes(1_000);
  expect(await t.nextText()).toBe("precious");
});

test("an answer that stops in the middle ends as late, and what was in it comes again", async () => {
  const t = await open({ kind: "stalled" });
  t.say("precious");
  await t.passes(POLL_TIMEOUT_MS);
  await t.passes(1_000);
  expect(await t.nextText()).toBe("precious");
});

test("a line that stays dead is asked again quickly, told at the second time, and well with the first answer", async () => {
  const t = await open({ kind: "silent" }, 3);
  await t.passes(POLL_TIMEOUT_MS);
  await t.passes(1_000);
  expect(t.reports.at(-1)?.state).toBe("connected");
  await t.pollPasses();
  expect((await t.nextReport("degraded")).detail).toContain("no answer in time");
  expect(t.connector.silentMs()).toBe(POLL_TIMEOUT_MS + 1_000 + SHORT_TIMEOUT_MS);
  await t.passes(2_000);
  await t.pollPasses();
  t.say("at last");
  await t.passes(4_000);
  expect(await t.nextText()).toBe("at last");
  await t.nextReport("connected");
  await expect.poll(() => t.reports.at(-1)?.state).toBe("connected");
  expect(t.connector.silentMs()).toBe(0);
});
