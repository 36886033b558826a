import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BotApiServer, startBotApiServer } from "./bot-api-server.ts";

let server: BotApiServer;
beforeEach(async () => {
  server = await startBotApiServer();
});
afterEach(() => server.close());

interface Answer {
  readonly ok: boolean;
  readonly result?: unknown;
  readonly description?: string;
  readonly error_code?: number;
  readonly parameters?: unknown;
}

async function call(method: string, values: object = {}, token = server.token): Promise<Answer> {
  const response = await fetch(`${server.url}/bot${token}/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(values),
  });
  return (await response.json()) as Answer;
}

const ids = (answer: Answer) =>
  (answer.result as { update_id: number }[]).map((update) => update.update_id);

function aChat() {
  const user = server.user(123, "Ada");
  return { user, chat: server.privateChat(user) };
}

describe("drafts", () => {
  it("are shown in private chats until a message comes", async () => {
    aChat();
    server.group(-55, "Team");
    const draft = { chat_id: 123, draft_id: 5, text: "<b>half", parse_mode: "HTML" };
    expect(await call("sendMessageDraft", draft)).toMatchObject({ error_code: 400 });
    expect(await call("sendMessageDraft", { ...draft, text: "<b>half</b>" })).toEqual({
      ok: true,
      result: true,
    });
    expect(server.openDrafts.get(123)).toMatchObject({ id: 5, text: "half" });
    for (const wrong of [{ draft_id: 0 }, { draft_id: undefined }, { chat_id: -55 }]) {
      expect(await call("sendMessageDraft", { ...draft, text: "x", ...wrong })).toMatchObject({
        error_code: 400,
      });
    }
    const long = { ...draft, text: "x".repeat(4_097) };
    expect(await call("sendMessageDraft", long)).toMatchObject({ error_code: 400 });
    await call("sendMessage", { chat_id: 123, text: "whole" });
    expect(server.openDrafts.size).toBe(0);
  });
});

describe("the bot API server", () => {
  it("tells a wrong token, a malformed one and an unknown method apart", async () => {
    expect(await call("getMe", {}, "1:wrong")).toMatchObject({ error_code: 401 });
    expect(await call("getMe", {}, "wrong")).toMatchObject({ error_code: 404 });
    expect(await call("getMee")).toMatchObject({ error_code: 404 });
    expect(await call("getMe")).toMatchObject({ ok: true, result: { username: "runtime_bot" } });
  });

  it("keeps an update until a higher offset confirms it", async () => {
    const { chat, user } = aChat();
    for (const text of ["a", "b", "c"]) server.say(chat, user, text);
    expect(ids(await call("getUpdates"))).toEqual([1000, 1001, 1002]);
    expect(ids(await call("getUpdates", { limit: 2 }))).toEqual([1000, 1001]);
    expect(ids(await call("getUpdates", { offset: 1002 }))).toEqual([1002]);
    expect(ids(await call("getUpdates"))).toEqual([1002]);
    expect(ids(await call("getUpdates", { offset: 1003 }))).toEqual([]);
  });

  it("answers a negative offset with the newest and forgets the rest", async () => {
    const { chat, user } = aChat();
    for (const text of ["a", "b", "c"]) server.say(chat, user, text);
    expect(ids(await call("getUpdates", { offset: -1 }))).toEqual([1002]);
    expect(ids(await call("getUpdates"))).toEqual([1002]);
  });

  it("answers from the oldest when the offset lies far in the future", async () => {
    const { chat, user } = aChat();
    server.updates.restartIds(5);
    server.say(chat, user, "after a quiet week");
    expect(ids(await call("getUpdates", { offset: 9_000 }))).toEqual([5]);
  });

  it("holds a long poll until an update comes, and ends the older of two", async () => {
    const { chat, user } = aChat();
    const older = call("getUpdates", { timeout: 30 });
    await server.nextRequest(({ method }) => method === "getUpdates");
    const newer = call("getUpdates", { timeout: 30 });
    expect(await older).toMatchObject({ error_code: 409 });
    server.say(chat, user, "hello");
    expect(ids(await newer)).toEqual([1000]);
  });

  it("delivers only the kinds that were asked for", async () => {
    const { chat, user } = aChat();
    await call("getUpdates", { allowed_updates: ["edited_message"] });
    server.edit(server.say(chat, user, "one"), "two");
    const answer = await call("getUpdates");
    expect(answer.result).toMatchObject([{ edited_message: { text: "two" } }]);
  });

  it("refuses texts as the real one does", async () => {
    const { chat } = aChat();
    const refusal = async (values: object) =>
      (await call("sendMessage", { chat_id: chat.id, ...values })).description;
    expect(await refusal({ text: " \n" })).toBe("Bad Request: message text is empty");
    expect(await refusal({ text: "<b></b>", parse_mode: "HTML" })).toBe(
      "Bad Request: message text is empty",
    );
    expect(await refusal({ text: "x".repeat(4_097) })).toBe("Bad Request: message is too long");
    expect(await refusal({ text: "<p>", parse_mode: "HTML" })).toBe(
      'Bad Request: can\'t parse entities: Unsupported start tag "p" at byte offset 0',
    );
    expect(await refusal({ text: "x", chat_id: 9 })).toBe("Bad Request: chat not found");
    expect(await refusal({ text: "x", reply_parameters: { message_id: 77 } })).toBe(
      "Bad Request: message to be replied not found",
    );
    expect(server.sent).toEqual([]);
    // Tags do not count.
    const text = `<b>${"x".repeat(4_096)}</b>`;
    expect(await call("sendMessage", { chat_id: chat.id, text, parse_mode: "HTML" })).toMatchObject(
      { ok: true },
    );
  });

  it.each([
    [{ text: "x", callback_data: "" }, "BUTTON_DATA_INVALID"],
    [{ text: "x", callback_data: "ä".repeat(33) }, "BUTTON_DATA_INVALID"],
    [{ text: "x" }, "Text buttons are unallowed"],
  ])("refuses the button %j", async (button, reason) => {
    const { chat } = aChat();
    const reply_markup = { inline_keyboard: [[button]] };
    const answer = await call("sendMessage", { chat_id: chat.id, text: "x", reply_markup });
    expect(answer.description).toContain(reason);
  });

  it("answers 403 once the user has blocked the bot", async () => {
    const { chat, user } = aChat();
    server.block(user);
    expect(await call("sendMessage", { chat_id: chat.id, text: "x" })).toMatchObject({
      error_code: 403,
      description: "Forbidden: bot was blocked by the user",
    });
  });

  it("holds its flood limits when they are on", async () => {
    const { chat } = aChat();
    server.setLimits({ perChatPerSecond: 1, perChatBurst: 2 });
    const send = () => call("sendMessage", { chat_id: chat.id, text: "x" });
    expect(await send()).toMatchObject({ ok: true });
    expect(await send()).toMatchObject({ ok: true });
    expect(await send()).toMatchObject({ error_code: 429, parameters: { retry_after: 1 } });
    expect(server.flood.refused).toBe(1);
  });

  it("edits and deletes only what is there", async () => {
    const { chat } = aChat();
    await call("sendMessage", { chat_id: chat.id, text: "one" });
    const edit = (text: string) =>
      call("editMessageText", { chat_id: chat.id, message_id: 1, text });
    expect((await edit("one")).description).toContain("message is not modified");
    expect(await edit("two")).toMatchObject({ ok: true });
    expect(server.sent).toMatchObject([{ text: "two", edits: 1 }]);
    expect(await call("deleteMessage", { chat_id: chat.id, message_id: 1 })).toMatchObject({
      ok: true,
    });
    expect((await edit("three")).description).toBe("Bad Request: message to edit not found");
  });

  it("takes a document as multipart", async () => {
    const { chat } = aChat();
    const form = new FormData();
    form.set("chat_id", String(chat.id));
    form.set("caption", "the rest");
    form.set("document", new Blob(["a\r\nb"]), "reply.txt");
    const url = `${server.url}/bot${server.token}/sendDocument`;
    const response = await fetch(url, { method: "POST", body: form });
    expect(await response.json()).toMatchObject({ ok: true });
    expect(server.sent[0]?.document).toEqual({ name: "reply.txt", bytes: Buffer.from("a\r\nb") });
  });

  it("accepts a message and cuts the connection when told to", async () => {
    const { chat } = aChat();
    server.fault("sendMessage", { kind: "reset-after" });
    await expect(call("sendMessage", { chat_id: chat.id, text: "x" })).rejects.toThrow();
    expect(server.sent).toHaveLength(1);
    server.fault("sendMessage", { kind: "reset-before" });
    await expect(call("sendMessage", { chat_id: chat.id, text: "y" })).rejects.toThrow();
    expect(server.sent).toHaveLength(1);
  });

  it("forgets a poll whose caller has gone", async () => {
    const { chat, user } = aChat();
    const poll = request(`${server.url}/bot${server.token}/getUpdates?timeout=30`);
    poll.on("error", () => undefined).end();
    await server.nextRequest();
    poll.destroy();
    await new Promise((resolve) => poll.once("close", resolve));
    server.say(chat, user, "hello");
    expect(ids(await call("getUpdates"))).toEqual([1000]);
  });
});
