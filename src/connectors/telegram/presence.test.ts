import { expect, test } from "vitest";
import { openConnector } from "../../../test/support/bot-api/open-connector.ts";
import type { Address } from "../../core/message/inbound-message.ts";

const to: Address = { connector: "telegram", account: "700100200", externalId: "123" };

async function open() {
  const t = await openConnector();
  t.server.privateChat(t.server.user(123, "Ada"));
  await t.started();
  const work = new AbortController();
  return {
    ...t,
    work,
    show: () => t.connector.presence.show(to, work.signal),
    actions: () => t.server.requests.filter(({ method }) => method === "sendChatAction"),
    nextAction: () => t.server.nextRequest(({ method }) => method === "sendChatAction"),
  };
}

test("work that ends within a second shows nothing", async () => {
  const t = await open();
  const before = t.connector.silentMs();
  t.show();
  await t.nextWait(1_000);
  t.clock.advance(999);
  t.work.abort();
  await t.connector.stop();
  t.clock.advance(60_000);
  expect(t.underWay()).toBe(0);
  expect(t.actions()).toEqual([]);
  expect(before).toBeDefined();
});

test("longer work shows typing again and again until it ends", async () => {
  const t = await open();
  t.show();
  await t.nextWait(1_000);
  t.clock.advance(1_000);
  expect((await t.nextAction()).values).toEqual({ chat_id: "123", action: "typing" });
  for (let n = 0; n < 2; n++) {
    await t.nextWait(4_500);
    t.clock.advance(4_500);
    await t.nextAction();
  }
  await t.nextWait(4_500);
  const resting = t.underWay();
  t.work.abort();
  await expect.poll(t.underWay).toBe(resting - 1);
  expect(t.actions()).toHaveLength(3);
});

test("429 is obeyed, and holds no reply", async () => {
  const t = await open();
  t.server.fault("sendChatAction", { kind: "flood", retryAfter: 20 });
  t.show();
  await t.nextWait(1_000);
  t.clock.advance(1_000);
  await t.nextWait(20_000);
  expect(t.connector.sender.reserveSlot("123")).toBe(0);
  t.clock.advance(19_999);
  expect(t.actions()).toHaveLength(1);
  t.clock.advance(1);
  await t.nextAction();
  await t.nextAction();
});

test("ends when Telegram refuses it, and nobody hears of it", async () => {
  const t = await open();
  t.server.block(t.server.user(123, "Ada"));
  t.show();
  await t.nextWait(1_000);
  const resting = t.underWay();
  t.clock.advance(1_000);
  await t.nextAction();
  await expect.poll(t.underWay).toBe(resting - 1);
  expect(t.log.filter(({ level }) => level !== "info" && level !== "debug")).toEqual([]);
});

test("a chat that rests is left alone", async () => {
  const t = await open();
  t.server.fault("sendMessage", { kind: "flood", retryAfter: 3 });
  await t.connector.sender.send(
    {
      to,
      part: { formatted: "x", plain: "x", buttons: [] },
      format: "plain",
      replyToExternalId: undefined,
    },
    t.work.signal,
  );
  t.show();
  await t.nextWait(1_000);
  t.clock.advance(1_000);
  await t.nextWait(4_500);
  expect(t.actions()).toEqual([]);
  t.clock.advance(4_500);
  await t.nextAction();
});

test("work that began before the bot was known is shown from then on", async () => {
  const t = await openConnector();
  t.server.privateChat(t.server.user(123, "Ada"));
  const [work, over] = [new AbortController(), new AbortController()];
  t.connector.presence.show(to, over.signal);
  t.connector.presence.show(to, work.signal);
  over.abort();
  expect(t.underWay()).toBe(0);
  await t.started();
  await t.nextWait(1_000);
  t.clock.advance(1_000);
  await t.server.nextRequest(({ method }) => method === "sendChatAction");
  await t.nextWait(4_500);
  // The poll and this one.
  expect(t.underWay()).toBe(2);
});

test("stop ends what is shown", async () => {
  const t = await openConnector();
  await t.started();
  t.connector.presence.show(to, new AbortController().signal);
  await t.nextWait(1_000);
  await t.connector.stop();
  expect(t.underWay()).toBe(0);
});
