import { describe, expect, it, test } from "vitest";
import type { Fault } from "../../../test/support/bot-api/faults.ts";
import {
  openSending as open,
  PART,
  WITH_FILE,
} from "../../../test/support/bot-api/open-sending.ts";
import type { SendResult } from "../../core/delivery/outbound-part.ts";

describe("a part", () => {
  it("goes out as HTML, without a link preview, and is known by chat and message", async () => {
    const { server, send } = await open();
    const part = { ...PART, formatted: '<b>bold</b> <a href="https://a.example">a</a>' };
    expect(await send({ part })).toEqual({ kind: "sent", externalMessageId: "123:1" });
    expect(server.sent).toMatchObject([
      { chatId: 123, text: "bold a", parseMode: "HTML", preview: false, replyTo: undefined },
    ]);
  });

  it("goes out as plain text when told, with every sign as it is", async () => {
    const { server, send } = await open();
    await send({ format: "plain" });
    expect(server.sent).toMatchObject([
      { text: "bold & so", parseMode: undefined, preview: false },
    ]);
  });

  it("carries its buttons in rows", async () => {
    const { server, send } = await open();
    const button = (label: string) => ({ label, data: `dlv_a:${label}` });
    await send({ part: { ...PART, buttons: [[button("1"), button("2")], [button("3")]] } });
    expect(server.sent[0]?.buttons).toEqual([
      [
        { text: "1", callback_data: "dlv_a:1" },
        { text: "2", callback_data: "dlv_a:2" },
      ],
      [{ text: "3", callback_data: "dlv_a:3" }],
    ]);
  });

  it("goes to the very chat: -123 is not 123", async () => {
    const { server, send } = await open();
    server.group(-123, "Group");
    expect(await send({ chat: -123 })).toEqual({ kind: "sent", externalMessageId: "-123:1" });
    expect(server.sent.map(({ chatId }) => chatId)).toEqual([-123]);
  });
});

describe("a reply", () => {
  it("stands under the message it answers, also an edited one", async () => {
    const { server, chat, user, send } = await open();
    server.say(chat, user, "question");
    await send({ replyToExternalId: "123:1" });
    await send({ replyToExternalId: "123:1:1760000000" });
    expect(server.sent.map(({ replyTo }) => replyTo)).toEqual([1, 1]);
  });

  it("to a deleted message goes out all the same", async () => {
    const { server, send } = await open();
    expect(await send({ replyToExternalId: "123:77" })).toMatchObject({ kind: "sent" });
    expect(server.sent).toMatchObject([{ replyTo: undefined }]);
  });

  it.each(["5000000000001", "-123:1", "123:0", "123:x", "123:1e99", "update:7:0", "", ":"])(
    "to %j, which is no message of this chat, is no reply",
    async (replyToExternalId) => {
      const { server, chat, user, send } = await open();
      server.say(chat, user, "question");
      expect(await send({ replyToExternalId })).toMatchObject({ kind: "sent" });
      expect(server.requests[0]?.values).not.toHaveProperty("reply_parameters");
    },
  );
});

describe("a group that became a supergroup", () => {
  it("gets the part under its new id, and no reply to a message of the old", async () => {
    const { server, send } = await open();
    const group = server.group(-5, "Group");
    server.say(group, undefined, "question");
    server.migrate(group, server.group(-1005, "Supergroup"));
    expect(await send({ chat: -5, replyToExternalId: "-5:1" })).toEqual({
      kind: "sent",
      externalMessageId: "-1005:1",
    });
    expect(server.sent).toMatchObject([{ chatId: -1005, replyTo: undefined }]);
  });
});

describe("what became of a send", () => {
  const refuse = (status: number, description: string): Fault => ({
    kind: "refuse",
    status,
    description,
  });
  test.each<[string, Fault, SendResult["kind"], arrived: number]>([
    ["429", { kind: "flood", retryAfter: 7 }, "not_sent", 0],
    ["a proxy's 429", { kind: "html", status: 429 }, "not_sent", 0],
    ["a proxy's refusal", { kind: "html", status: 403 }, "not_sent", 0],
    ["401, which the owner can put right", refuse(401, "Unauthorized"), "not_sent", 0],
    ["404, a token that is none", refuse(404, "Not Found"), "not_sent", 0],
    ["409", refuse(409, "Conflict"), "not_sent", 0],
    ["400", refuse(400, "Bad Request: chat not found"), "rejected", 0],
    ["403", refuse(403, "Forbidden: bot was kicked"), "rejected", 0],
    ["bad HTML", refuse(400, "Bad Request: can't parse entities: x"), "bad_format", 0],
    ["too long", refuse(400, "Bad Request: message is too long"), "bad_format", 0],
    ["nothing to see", refuse(400, "Bad Request: message text is empty"), "bad_format", 0],
    ["too large", refuse(413, "Request Entity Too Large"), "bad_format", 0],
    [
      "a chat without files",
      refuse(400, "Bad Request: not enough rights to send documents to the chat"),
      "bad_format",
      0,
    ],
    ["500", { kind: "status", status: 500 }, "uncertain", 0],
    ["500 after it was sent", { kind: "status", status: 500, accepted: true }, "uncertain", 1],
    ["a proxy's 502", { kind: "html", status: 502 }, "uncertain", 0],
    ["a cut before the answer", { kind: "reset-before" }, "uncertain", 0],
    ["a cut after it was sent", { kind: "reset-after" }, "uncertain", 1],
    ["broken JSON", { kind: "broken-json" }, "uncertain", 1],
    [
      "a yes without a message",
      { kind: "answer", body: '{"ok":true,"result":true}' },
      "uncertain",
      0,
    ],
    ["a yes without a result", { kind: "answer", body: '{"ok":true}' }, "uncertain", 0],
    ["an answer that is none", { kind: "answer", body: "[]" }, "uncertain", 0],
    ["a no without a reason", { kind: "answer", body: '{"ok":false}' }, "uncertain", 0],
  ])("%s", async (_, fault, kind, arrived) => {
    for (const part of [PART, WITH_FILE]) {
      const { server, send } = await open();
      server.fault(part === PART ? "sendMessage" : "sendDocument", fault);
      expect(await send({ part })).toMatchObject({ kind });
      expect(server.sent).toHaveLength(arrived);
      // Trying again is delivery's to decide.
      expect(server.requests).toHaveLength(1);
    }
  });

  it("is not sent when nobody listens there", async () => {
    const t = await open();
    const gone = await open({ apiBase: t.server.url });
    await t.server.close();
    for (const part of [PART, WITH_FILE]) {
      expect(await gone.send({ part })).toEqual({
        kind: "not_sent",
        error: "Telegram cannot be reached (ECONNREFUSED).",
      });
    }
  });

  it("is uncertain when no answer comes within half a minute", async () => {
    const { server, send, nextWait, clock } = await open();
    server.fault("sendMessage", { kind: "silent", accepted: true });
    const sending = send();
    await nextWait(30_000);
    await server.nextSent();
    clock.advance(30_000);
    expect(await sending).toMatchObject({ kind: "uncertain" });
  });

  it("is uncertain when it is stopped after it was written, and not sent when before", async () => {
    for (const part of [PART, WITH_FILE]) {
      const { server, send } = await open();
      server.fault("*", { kind: "silent", accepted: true });
      const stop = new AbortController();
      const sending = send({ part }, stop.signal);
      await server.nextSent();
      stop.abort();
      expect(await sending).toMatchObject({ kind: "uncertain" });
      expect(await send({ part }, stop.signal)).toMatchObject({ kind: "not_sent" });
      expect(server.sent).toHaveLength(1);
    }
  });

  it("is bad format for HTML that Telegram cannot read, and its plain text arrives", async () => {
    const { server, send } = await open();
    const part = { ...PART, formatted: "<b>open" };
    expect(await send({ part })).toMatchObject({ kind: "bad_format" });
    expect(await send({ part, format: "plain" })).toMatchObject({ kind: "sent" });
    expect(server.sent).toMatchObject([{ text: "bold & so" }]);
  });

  it("is rejected by somebody who blocked the bot", async () => {
    const { server, user, send } = await open();
    server.block(user);
    expect(await send()).toEqual({
      kind: "rejected",
      error: "Telegram answered 403: Forbidden: bot was blocked by the user",
    });
  });

  it("is said in one short line, whatever Telegram's description holds", async () => {
    const { server, send } = await open();
    const description = `Bad\r\nRequest:\u0000 ${"x".repeat(10_000)}`;
    server.fault("sendMessage", refuse(400, description));
    const result = await send();
    const error = result.kind === "rejected" ? result.error : "";
    expect(error).toMatch(/^Telegram answered 400: Bad Request: x+$/);
    expect(error.length).toBeLessThan(340);
  });
});

describe("429", () => {
  it("names the wait, and the chat's next slot lies behind it", async () => {
    const { server, send, connector, clock } = await open();
    server.fault("sendMessage", { kind: "flood", retryAfter: 7 });
    expect(await send()).toMatchObject({ kind: "not_sent", retryAfterMs: 7_000 });
    clock.jump(3_600_000);
    expect(connector.sender.reserveSlot("123")).toBe(7_000);
    expect(connector.sender.reserveSlot("-123")).toBe(0);
  });

  it.each([["-1"], ["0"], ['"soon"'], ["null"], ["{}"]])(
    "with the wait %s waits a second",
    async (retryAfter) => {
      const { server, send } = await open();
      const body = `{"ok":false,"error_code":429,"parameters":{"retry_after":${retryAfter}}}`;
      server.fault("sendMessage", { kind: "answer", body });
      expect(await send()).toMatchObject({ kind: "not_sent", retryAfterMs: 1_000 });
    },
  );

  it("names the wait also where only the words do", async () => {
    const { server, send } = await open();
    const description = "Too Many Requests: retry after 35";
    server.fault("sendMessage", { kind: "refuse", status: 429, description });
    expect(await send()).toMatchObject({ kind: "not_sent", retryAfterMs: 35_000 });
  });
});

it("our own pace is what the options say", async () => {
  const { connector } = await open({ maxPerSecond: 30, maxPerChatPerSecond: 2 });
  const slots = Array.from({ length: 7 }, () => connector.sender.reserveSlot("1"));
  expect(slots).toEqual([0, 34, 67, 100, 134, 500, 1_000]);
});
