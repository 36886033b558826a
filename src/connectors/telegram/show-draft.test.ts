import { expect, test } from "vitest";
import { openConnector } from "../../../test/support/bot-api/open-connector.ts";
import type { Address } from "../../core/message/inbound-message.ts";
import type { ShownDraft } from "./show-draft.ts";

const to: Address = { connector: "telegram", account: "700100200", externalId: "123" };

async function open(options: Parameters<typeof openConnector>[0] = {}) {
  const t = await openConnector(options);
  t.server.privateChat(t.server.user(123, "Ada"));
  await t.started();
  const work = new AbortController();
  let html: string | undefined;
  function show(id = 7): ShownDraft {
    const text = { id, read: async () => html };
    return t.connector.showDraft(to, text, work.signal);
  }
  return {
    ...t,
    work,
    show,
    write: (text: string | undefined) => {
      html = text;
    },
    /** A second passes, once somebody waits for it. */
    async second() {
      await t.nextWait(1_000);
      t.clock.advance(1_000);
    },
    nextTry: () => t.server.nextRequest(({ method }) => method === "sendMessageDraft"),
    tries: () => t.server.requests.filter(({ method }) => method === "sendMessageDraft").length,
    sendReply: () =>
      t.connector.sender.send(
        {
          to,
          part: { formatted: "done", plain: "done", buttons: [] },
          format: "plain",
          replyToExternalId: undefined,
        },
        work.signal,
      ),
  };
}

test("an answer that is done within a second shows nothing", async () => {
  const t = await open();
  t.write("quick");
  const draft = t.show();
  await t.nextWait(1_000);
  t.clock.advance(999);
  await draft.settle();
  t.clock.advance(60_000);
  expect(t.tries()).toBe(0);
});

test("an answer grows under one id, a second apart, and only where it grew", async () => {
  const t = await open();
  const draft = t.show(7);
  await t.second();
  t.write("<b>one</b>");
  await t.second();
  expect(await t.server.nextDraft()).toMatchObject({ chatId: 123, id: 7, text: "one" });
  await t.second();
  await t.nextWait(1_000);
  expect(t.tries()).toBe(1);
  t.write("<b>one</b> two");
  t.clock.advance(1_000);
  expect(await t.server.nextDraft()).toMatchObject({ id: 7, text: "one two" });
  await draft.settle();
  t.write("<b>one</b> two three");
  t.clock.advance(60_000);
  expect(t.tries()).toBe(2);
});

test("a draft that stands still is shown again before Telegram takes it away", async () => {
  const t = await open();
  t.write("thinking");
  t.show();
  await t.second();
  await t.server.nextDraft();
  await t.nextWait(1_000);
  t.clock.advance(20_000);
  expect(await t.server.nextDraft()).toMatchObject({ text: "thinking" });
});

test("an answer that is done waits for the draft on its way, and not longer than two seconds", async () => {
  const t = await open();
  t.server.fault("sendMessageDraft", { kind: "silent" });
  t.write("on its way");
  const draft = t.show();
  await t.second();
  await t.nextTry();
  let isSettled = false;
  const settled = draft.settle().then(() => {
    isSettled = true;
  });
  await t.nextWait(2_000);
  t.clock.advance(1_999);
  expect(isSettled).toBe(false);
  t.clock.advance(1);
  await settled;
  await draft.settle();
  t.clock.advance(60_000);
  expect(t.tries()).toBe(1);
});

test("an answer in a topic of a private chat grows there", async () => {
  const t = await open();
  const chat = t.server.privateChat(t.server.user(123, "Ada"));
  const { message_thread_id: thread } = t.server.topic(chat, "Plans") as Record<string, number>;
  const place = { ...to, externalId: `123:${thread}` };
  t.connector.showDraft(place, { id: 7, read: async () => "there" }, t.work.signal);
  await t.second();
  expect((await t.nextTry()).values).toMatchObject({ chat_id: 123, message_thread_id: thread });
  expect(await t.server.nextDraft()).toMatchObject({ text: "there" });
});

test("a server that knows no drafts is asked once", async () => {
  const t = await open();
  t.server.fault("sendMessageDraft", {
    kind: "refuse",
    status: 404,
    description: "Not Found: method not found",
  });
  t.write("text");
  t.show();
  await t.second();
  await t.nextTry();
  await expect.poll(() => t.log.at(-1)?.message).toContain("knows no drafts");
  const resting = t.underWay();
  t.show();
  expect(t.underWay()).toBe(resting);
  t.clock.advance(60_000);
  expect(t.tries()).toBe(1);
});

test("a chat that refuses a draft is shown none of this answer", async () => {
  const t = await open();
  t.server.block(t.server.user(123, "Ada"));
  t.write("text");
  t.show();
  await t.nextWait(1_000);
  const resting = t.underWay();
  t.clock.advance(1_000);
  await t.nextTry();
  await expect.poll(t.underWay).toBe(resting - 1);
  expect(t.log.filter(({ level }) => level === "warn" || level === "error")).toEqual([]);
});

test("429 rests the drafts of every chat for that long, and no reply", async () => {
  const t = await open();
  t.server.fault("sendMessageDraft", { kind: "flood", retryAfter: 20 });
  t.write("text");
  t.show();
  await t.second();
  await t.nextTry();
  expect(t.connector.sender.reserveSlot("123")).toBe(0);
  for (let n = 0; n < 19; n += 1) await t.second();
  await t.nextWait(1_000);
  expect(t.tries()).toBe(1);
  t.clock.advance(1_000);
  await t.nextTry();
});

test("a chat that rests is shown no draft", async () => {
  const t = await open();
  t.server.fault("sendMessage", { kind: "flood", retryAfter: 3 });
  await t.sendReply();
  t.write("text");
  t.show();
  await t.second();
  await t.nextWait(1_000);
  expect(t.tries()).toBe(0);
  t.clock.advance(2_000);
  await t.nextTry();
});

test("stop and the end of the work end what is shown", async () => {
  const t = await open();
  t.write("text");
  t.show();
  await t.nextWait(1_000);
  const resting = t.underWay();
  t.work.abort();
  await expect.poll(t.underWay).toBe(resting - 1);
  const other = t.connector.showDraft(
    to,
    { id: 1, read: async () => "text" },
    new AbortController().signal,
  );
  await t.connector.stop();
  expect(t.underWay()).toBe(0);
  await other.settle();
  expect(t.tries()).toBe(0);
});

test("an answer that grew before the bot was known is shown from then on, one that was done is not", async () => {
  const t = await openConnector();
  t.server.privateChat(t.server.user(123, "Ada"));
  const { signal } = new AbortController();
  const over = t.connector.showDraft(to, { id: 1, read: async () => "over" }, signal);
  t.connector.showDraft(to, { id: 2, read: async () => "grows" }, signal);
  await over.settle();
  await t.started();
  await t.nextWait(1_000);
  t.clock.advance(1_000);
  expect(await t.server.nextDraft()).toMatchObject({ id: 2, text: "grows" });
  expect(t.server.drafts).toHaveLength(1);
});
