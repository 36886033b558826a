import { afterEach, describe, expect, test } from "vitest";
import { createFastClock } from "../crash/whole-runtime/fast-clock.ts";
import type { Fault } from "../support/bot-api/faults.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner } from "../support/pair-people.ts";

/** Waits and back-offs of seconds take this part of them. */
const SPEED = 8;
const REPEATED = "(may be a repeat)\n";
const HELP = "What you can do here";

let t: TestRuntime;
afterEach(() => t.close());

async function open(env: Readonly<Record<string, string>> = {}) {
  return await openTestRuntime({
    telegram: true,
    clock: createFastClock(SPEED, Date.now()),
    env: { TELEGRAM_POLL_SECONDS: "1", ...env },
  });
}

const telegramState = async () =>
  (await t.client.info()).channels.find(({ connector }) => connector === "telegram");
const logged = (text: string) => t.logLines.filter((line) => line.includes(text));

describe("when polling fails", () => {
  const refused = (status: number, description: string): Fault => ({
    kind: "refuse",
    status,
    description,
  });
  test.each<[string, Fault]>([
    ["500", { kind: "status", status: 500 }],
    ["a proxy's page", { kind: "html", status: 502 }],
    ["429", { kind: "flood", retryAfter: 1 }],
    ["a connection cut before the request", { kind: "reset-before" }],
    ["a connection cut after the request", { kind: "reset-after" }],
    ["broken JSON", { kind: "broken-json" }],
    ["no result", { kind: "answer", body: '{"ok":true}' }],
    ["a list", { kind: "answer", body: "[]" }],
    ["updates that are none", { kind: "answer", body: '{"ok":true,"result":[null,7,"x"]}' }],
    ["another poller", refused(409, "Conflict: terminated by other getUpdates request")],
    ["a 400", refused(400, "Bad Request: nobody knows why")],
  ])("%s: every message is answered once", async (_, fault) => {
    t = await open();
    const owner = await pairOwner(t);
    t.telegram.fault("getUpdates", fault, 3);
    for (let n = 0; n < 3; n++) {
      t.telegram.say(owner.chat, owner.user, "/help");
      expect((await t.telegram.nextSent()).text).toContain(HELP);
    }
    await t.until(async () => ((await telegramState())?.state === "running" ? true : undefined));
    await t.idle();
    expect(t.telegram.sent).toHaveLength(4);
    expect((await t.rows("messages")).map(({ outcome }) => outcome)).toEqual(
      Array(4).fill("answered"),
    );
  });

  test("a webhook that takes the messages is removed", async () => {
    t = await open();
    const owner = await pairOwner(t);
    t.telegram.updates.webhookUrl = "https://elsewhere.example/hook";
    t.telegram.say(owner.chat, owner.user, "/help");
    await t.telegram.nextRequest(({ method }) => method === "deleteWebhook");
    t.telegram.say(owner.chat, owner.user, "/help");
    expect((await t.telegram.nextSent()).text).toContain(HELP);
    expect(t.telegram.updates.webhookUrl).toBe("");
  });

  test("a wrong bot token is one line, and the rest serves", async () => {
    const wrong = "700100200:AAwrong-canary-token-of-somebody-else";
    t = await open({ TELEGRAM_TOKEN: wrong });
    await t.until(async () => ((await telegramState())?.state === "stopped" ? true : undefined));
    expect(await telegramState()).toMatchObject({
      message: "Telegram refused the bot token (401). Check AGENT_RUNTIME_TELEGRAM_TOKEN.",
    });
    expect(logged('"level":"error"')).toEqual([expect.stringContaining("refused the bot token")]);
    const said = await t.api("POST", "/api/v1/chat", { text: "/status" });
    expect(said.body.reply).toContain("telegram stopped (Telegram refused the bot token");
    await t.ready();
    expect(await t.runtime.createPairingLink()).toBeUndefined();
    expect(JSON.stringify([t.logLines, said.body, await telegramState()])).not.toContain("canary");
  });
});

describe("when a send fails", () => {
  /** How many copies of the reply arrive, and whether the last says that it may be one. */
  test.each<[string, Fault, { copies: number; marked: boolean }]>([
    ["429", { kind: "flood", retryAfter: 1 }, { copies: 1, marked: false }],
    [
      "401",
      { kind: "refuse", status: 401, description: "Unauthorized" },
      { copies: 1, marked: false },
    ],
    ["a proxy's 403 page", { kind: "html", status: 403 }, { copies: 1, marked: false }],
    ["500, not sent", { kind: "status", status: 500 }, { copies: 1, marked: true }],
    ["500, sent", { kind: "status", status: 500, accepted: true }, { copies: 2, marked: true }],
    ["a proxy's 502 page", { kind: "html", status: 502 }, { copies: 1, marked: true }],
    ["cut before the send", { kind: "reset-before" }, { copies: 1, marked: true }],
    ["cut after the send", { kind: "reset-after" }, { copies: 2, marked: true }],
    ["broken JSON", { kind: "broken-json" }, { copies: 2, marked: true }],
    [
      "an answer that names no message",
      { kind: "answer", body: '{"ok":true,"result":true}' },
      { copies: 1, marked: true },
    ],
  ])("%s", async (_, fault, { copies, marked }) => {
    t = await open();
    const owner = await pairOwner(t);
    t.telegram.fault("sendMessage", fault);
    t.telegram.say(owner.chat, owner.user, "/help");
    t.telegram.say(owner.chat, owner.user, "/tasks");
    const helps = [];
    for (let n = 0; n < copies; n++) helps.push((await t.telegram.nextSent()).text);
    // What came later is said later.
    expect((await t.telegram.nextSent()).text).toContain("There are no tasks here yet.");
    await t.idle();
    expect(t.telegram.sent).toHaveLength(2 + copies);
    expect(helps.at(-1)?.startsWith(`${marked ? REPEATED : ""}${HELP}`)).toBe(true);
    if (copies === 2) expect(helps[0]?.startsWith(HELP)).toBe(true);
    const delivery = (await t.rows("deliveries")).find(({ body }) => body.includes(HELP));
    expect(delivery).toMatchObject({ state: "sent", marked: Number(marked) });
  });

  test("a burst of 500s is told as one marked reply", async () => {
    t = await open();
    const owner = await pairOwner(t);
    t.telegram.fault("sendMessage", { kind: "status", status: 500 }, 2);
    t.telegram.say(owner.chat, owner.user, "/help");
    expect((await t.telegram.nextSent()).text).toContain(REPEATED + HELP);
    const jobs = logged('"message":"part sent"').filter((line) => line.includes("uncertain"));
    expect(jobs).toHaveLength(2);
  });

  test("429 is law: nothing goes to that chat before its time, other chats go on", async () => {
    t = await open();
    const owner = await pairOwner(t);
    const other = await pairOwner(t, 1002);
    t.telegram.fault("sendMessage", { kind: "flood", retryAfter: 4 });
    const saidMs = performance.now();
    t.telegram.say(owner.chat, owner.user, "/help");
    await t.telegram.nextRequest(
      ({ method, values }) =>
        method === "sendMessage" &&
        values["chat_id"] === "1001" &&
        `${values["text"]}`.includes(HELP),
    );
    t.telegram.say(owner.chat, owner.user, "/tasks");
    t.telegram.say(other.chat, other.user, "/help");
    expect((await t.telegram.nextSent()).chatId).toBe(1002);
    const late = await t.telegram.nextSent();
    expect(late).toMatchObject({ chatId: 1001, text: expect.stringContaining(HELP) });
    expect(late.text).not.toContain(REPEATED);
    expect((performance.now() - saidMs) * SPEED).toBeGreaterThanOrEqual(3_900);
    expect((await t.telegram.nextSent()).text).toContain("There are no tasks");
  });

  test("HTML that Telegram cannot read goes as plain text", async () => {
    t = await open();
    const owner = await pairOwner(t);
    t.telegram.fault("sendMessage", {
      kind: "refuse",
      status: 400,
      description: "Bad Request: can't parse entities: unsupported start tag",
    });
    t.telegram.say(owner.chat, owner.user, "/help");
    const plain = await t.telegram.nextSent();
    expect(plain.parseMode).toBeUndefined();
    expect(plain.text).toContain(HELP);
    expect(plain.text).not.toContain("<b>");
  });
});

test("our own pace keeps within Telegram's limits: five at once in a chat, and one a second", async () => {
  t = await openTestRuntime({
    telegram: true,
    env: { TELEGRAM_MAX_PER_SECOND: "30", TELEGRAM_MAX_PER_CHAT_PER_SECOND: "1" },
  });
  const owner = await pairOwner(t);
  const saidMs = performance.now();
  for (let n = 0; n < 7; n++) t.telegram.say(owner.chat, owner.user, "/help");
  for (let n = 1; n <= 7; n++) {
    await t.telegram.nextSent();
    expect(performance.now() - saidMs).toBeGreaterThan((n - 5) * 1_000 - 20);
  }
});
