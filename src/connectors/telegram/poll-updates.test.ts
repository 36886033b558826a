import { describe, expect, it, test } from "vitest";
import type { BotApiServer } from "../../../test/support/bot-api/bot-api-server.ts";
import type { Fault } from "../../../test/support/bot-api/faults.ts";
import { type OpenConnector, openConnector } from "../../../test/support/bot-api/open-connector.ts";

async function open() {
  const t = await openConnector();
  const user = t.server.user(123, "Ada");
  const chat = t.server.privateChat(user);
  return { ...t, say: (text: string) => t.server.say(chat, user, text), t };
}

const pollsOf = (server: BotApiServer) =>
  server.requests.filter(({ method }) => method === "getUpdates");
const offsetsOf = (server: BotApiServer) => pollsOf(server).map(({ values }) => values["offset"]);

async function nextText({ nextReceipt }: Pick<OpenConnector, "nextReceipt">): Promise<string> {
  return (await nextReceipt()).messages.map(({ text }) => text).join();
}

describe("acknowledging", () => {
  it("polls without an offset at start and confirms only what is stored", async () => {
    const { server, t, say, nextReceipt } = await open();
    say("one");
    say("two");
    const stored = Promise.withResolvers<void>();
    t.onReceive(() => {
      // Nothing was confirmed while the batch is not stored.
      expect(offsetsOf(server)).toEqual([undefined]);
      expect(server.updates.pending).toBe(2);
      return stored.promise;
    });
    await t.start();
    await server.nextRequest(({ method }) => method === "getUpdates");
    stored.resolve();
    const { messages, cursor } = await nextReceipt();
    expect(messages.map(({ text }) => text)).toEqual(["one", "two"]);
    expect(cursor).toEqual({ account: "700100200", value: "1002" });
    await server.nextRequest(({ values }) => values["offset"] === 1002);
    expect(server.updates.pending).toBe(0);
  });

  it("fetches a batch again that could not be stored, and says so until it is", async () => {
    const { server, t, say, nextReport, nextWait, clock } = await open();
    let refusals = 2;
    t.onReceive(() =>
      refusals-- > 0 ? Promise.reject(new Error("disk full")) : Promise.resolve(),
    );
    say("precious");
    await t.start();
    expect((await nextReport("degraded")).detail).toContain("cannot be stored");
    await nextWait(1_000);
    clock.advance(1_000);
    await nextWait(2_000);
    expect(offsetsOf(server)).toEqual([undefined, undefined]);
    clock.advance(2_000);
    expect(await nextText(t)).toBe("precious");
    expect((await nextReport("connected")).detail).toBe("Connected as @runtime_bot.");
    await server.nextRequest(({ values }) => values["offset"] === 1001);
    expect(t.receipts).toHaveLength(1);
  });

  it("asks without an offset again once one is confirmed", async () => {
    const { server, t, say, nextReceipt } = await open();
    await t.started();
    server.fault("getUpdates", { kind: "answer", body: '{"ok":true,"result":[]}' });
    say("one");
    await nextReceipt();
    await server.nextRequest(({ values }) => values["offset"] === 1001);
    say("two");
    await nextReceipt();
    await server.nextRequest(({ values }) => values["offset"] === 1002);
    expect(offsetsOf(server).slice(-3)).toEqual([1001, undefined, 1002]);
  });

  it("does not confirm on stop what it could not store, nor drop what came meanwhile", async () => {
    const { server, t, say } = await open();
    t.onReceive(() => Promise.reject(new Error("disk full")));
    say("precious");
    await t.start();
    await t.nextWait(1_000);
    await t.connector.stop();
    expect(server.updates.pending).toBe(1);
    t.onReceive(() => Promise.resolve());
    await t.start();
    expect(await nextText(t)).toBe("precious");
  });
});

describe("a poll that fails", () => {
  const passing: [string, Fault][] = [
    ["500", { kind: "status", status: 500 }],
    ["a proxy's page", { kind: "html", status: 502 }],
    ["a proxy's refusal", { kind: "html", status: 403 }],
    ["a cut before the request", { kind: "reset-before" }],
    ["a cut after the request", { kind: "reset-after" }],
    ["broken JSON", { kind: "broken-json" }],
    ["no result", { kind: "answer", body: '{"ok":true}' }],
    ["no update that could be confirmed", { kind: "answer", body: '{"ok":true,"result":[{},7]}' }],
    ["a status that is none", { kind: "answer", body: '{"ok":false,"error_code":7}' }],
  ];
  test.each(passing)(
    "%s: is tried again, later each time, and nothing is lost",
    async (_, fault) => {
      const { server, t, say, nextReport, nextWait, clock } = await open();
      server.fault("getUpdates", fault, 3);
      say("precious");
      await t.start();
      for (const waitMs of [1_000, 2_000, 4_000]) {
        await nextWait(waitMs);
        expect(t.receipts).toEqual([]);
        clock.advance(waitMs);
      }
      expect(await nextText(t)).toBe("precious");
      await nextReport("connected");
      expect(t.reports.map(({ state }) => state)).toEqual(["starting", "degraded", "connected"]);
      // The first failure at once shows; the burst makes one line.
      expect(t.log.filter(({ level }) => level === "warn")).toHaveLength(1);
      expect(
        pollsOf(server)
          .slice(0, 4)
          .every(({ values }) => values["timeout"] !== 25),
      ).toBe(true);
    },
  );

  it("one cut connection of a good one is not worth a word; two are", async () => {
    const { server, t, say, nextReport, nextWait, clock } = await open();
    await t.started();
    server.fault("getUpdates", { kind: "reset-after" });
    say("one");
    await t.nextReceipt();
    say("two");
    await nextWait(1_000);
    expect(t.reports.map(({ state }) => state)).toEqual(["starting", "connected"]);
    server.fault("getUpdates", { kind: "reset-after" });
    clock.advance(1_000);
    expect((await nextReport("degraded")).detail).toContain("did not answer properly (ECONNRESET)");
    await nextWait(2_000);
    clock.advance(2_000);
    expect(await nextText(t)).toBe("two");
  });

  it("429: waits exactly as long as it is told", async () => {
    const { server, t, say, nextReport, nextWait, clock } = await open();
    server.fault("getUpdates", { kind: "flood", retryAfter: 17 });
    say("later");
    await t.start();
    expect((await nextReport("degraded")).detail).toBe("Telegram asks to wait 17 s (429).");
    await nextWait(17_000);
    clock.advance(16_999);
    expect(t.underWay()).toBe(1);
    expect(pollsOf(server)).toHaveLength(1);
    clock.advance(1);
    expect(await nextText(t)).toBe("later");
  });

  it("429 with a wait longer than a timer: at most a week, and no spinning", async () => {
    const { server, t, nextWait } = await open();
    const answer = '{"ok":false,"error_code":429,"parameters":{"retry_after":1e308}}';
    server.fault("getUpdates", { kind: "answer", body: answer });
    await t.start();
    await nextWait(604_800_000);
  });

  it("401: says which variable to check, once, and tries every five minutes", async () => {
    const { server, t, say, nextReport, nextWait, clock } = await open();
    server.fault("getUpdates", { kind: "refuse", status: 401, description: "Unauthorized" }, 2);
    say("later");
    await t.start();
    const { detail } = await nextReport("failed");
    expect(detail).toBe(
      "Telegram refused the bot token (401). Check AGENT_RUNTIME_TELEGRAM_TOKEN.",
    );
    await nextWait(300_000);
    clock.advance(300_000);
    await nextWait(300_000);
    clock.advance(300_000);
    expect(await nextText(t)).toBe("later");
    expect(t.log.filter(({ level }) => level === "error")).toHaveLength(1);
  });

  it("409: leaves the other poller time, and says what to do", async () => {
    const { server, t, say, nextReport, nextWait, clock } = await open();
    const description = "Conflict: terminated by other getUpdates request";
    server.fault("getUpdates", { kind: "refuse", status: 409, description });
    say("later");
    await t.start();
    expect((await nextReport("degraded")).detail).toContain("Another process polls this bot (409)");
    await nextWait(5_000);
    clock.advance(5_000);
    expect(await nextText(t)).toBe("later");
    expect(server.requests.some(({ method }) => method === "deleteWebhook")).toBe(false);
  });

  it("409 because of a webhook: removes it and keeps what waits", async () => {
    const { server, t, say, nextReport, nextWait, clock } = await open();
    server.updates.webhookUrl = "https://elsewhere.example/hook";
    say("kept");
    await t.start();
    expect((await nextReport("degraded")).detail).toContain("webhook");
    await nextWait(1_000);
    expect(server.updates.webhookUrl).toBe("");
    clock.advance(1_000);
    expect(await nextText(t)).toBe("kept");
  });
});

describe("updates that come in a strange way", () => {
  it("hands on what comes again and in another order, and still confirms", async () => {
    const { server, t, say, nextReceipt } = await open();
    await t.started();
    say("one");
    await nextReceipt();
    server.updates.redeliver(1);
    const repeated = await nextReceipt();
    expect(repeated.messages[0]?.externalMessageId).toBe("123:1");
    await t.connector.stop();
    say("two");
    say("three");
    server.updates.reverseNext();
    await t.start();
    const { messages, cursor } = await nextReceipt();
    expect(messages.map(({ text }) => text)).toEqual(["three", "two"]);
    expect(cursor.value).toBe("1003");
    await server.nextRequest(({ values }) => values["offset"] === 1003);
    expect(server.updates.pending).toBe(0);
  });

  it("takes ids that start anew, also when they are only a little lower", async () => {
    const { server, t, say, nextReceipt } = await open();
    say("before");
    await t.start();
    await nextReceipt();
    await server.nextRequest(({ values }) => values["offset"] === 1001);
    for (const id of [5, 995]) {
      server.updates.restartIds(id);
      say(`from ${id}`);
      expect(await nextText(t)).toBe(`from ${id}`);
      await server.nextRequest(({ values }) => values["offset"] === id + 1);
      expect(server.updates.pending).toBe(0);
    }
  });

  it("rests when the server forgets every confirmation", async () => {
    const { server, t, nextWait } = await open();
    const update = { update_id: 9, message: { message_id: 1, chat: { id: 1 }, text: "again" } };
    const body = JSON.stringify({ ok: true, result: [update] });
    server.fault("getUpdates", { kind: "answer", body }, 1_000);
    await t.start();
    await nextWait(2_000);
    expect(pollsOf(server)).toHaveLength(3);
  });

  it("asks for the kinds it can tell apart, and a hundred at a time", async () => {
    const { server, t, say, nextReceipt } = await open();
    for (let n = 1; n <= 101; n++) say(`${n}`);
    await t.start();
    expect((await nextReceipt()).messages).toHaveLength(100);
    expect((await nextReceipt()).messages.map(({ text }) => text)).toEqual(["101"]);
    expect(pollsOf(server)[0]?.values).toEqual({
      limit: 100,
      timeout: 0,
      allowed_updates: [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "channel_post",
      ],
    });
  });
});
