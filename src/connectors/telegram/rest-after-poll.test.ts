import { expect, test } from "vitest";
import { openConnector } from "../../../test/support/bot-api/open-connector.ts";

const WARNING = "the Bot API server does not wait for messages; it is asked less often";

test("asks less and less often when the server does not wait, says so once, and goes on when it does", async () => {
  const t = await openConnector();
  const user = t.server.user(123, "Ada");
  const chat = t.server.privateChat(user);
  t.server.fault("getUpdates", { kind: "answer", body: '{"ok":true,"result":[]}' }, 9);
  await t.start();
  const polls = () => t.server.requests.filter(({ method }) => method === "getUpdates").length;
  // The first asks what waits, and the second may have been answered at once by chance.
  for (const [n, restMs] of [250, 500, 1_000, 2_000, 4_000, 5_000, 5_000].entries()) {
    await t.nextWait(restMs);
    expect(polls()).toBe(n + 3);
    t.clock.advance(restMs);
  }
  t.server.say(chat, user, "one");
  expect((await t.nextReceipt()).messages.map(({ text }) => text)).toEqual(["one"]);
  t.server.say(chat, user, "two");
  expect((await t.nextReceipt()).messages.map(({ text }) => text)).toEqual(["two"]);
  expect(t.log.filter(({ message }) => message === WARNING)).toHaveLength(1);
});
