import { afterEach, describe, expect, test } from "vitest";
import { createFastClock } from "../crash/whole-runtime/fast-clock.ts";
import type { Fault } from "../support/bot-api/faults.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner } from "../support/pair-people.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

const REPEATED = "(may be a repeat)\n";
const IN_THE_FILE = "The whole text is in the file.";
const HELP = "What you can do here";
const LONG = Array.from({ length: 1_500 }, (_, n) => `Line ${n} of what there is to say`).join(
  "\n\n",
);

let t: TestRuntime;
afterEach(() => t.close());

async function open() {
  t = await openTestRuntime({
    telegram: true,
    clock: createFastClock(8, Date.now()),
    env: { TELEGRAM_POLL_SECONDS: "1" },
    model: createScriptedModel({ text: LONG }),
  });
  return await pairOwner(t);
}

const refuse = (status: number, description: string): Fault => ({
  kind: "refuse",
  status,
  description,
});
const lineNumbers = (text: string) =>
  [...text.matchAll(/^Line (\d+)/gm)].map((match) => Number(match[1]));
const everyLine = Array.from({ length: 1_500 }, (_, n) => n);

describe("an answer too long for messages", () => {
  /** How many copies of the file arrive, and whether the last says that it may be one. */
  test.each<[string, Fault, { copies: number; marked: boolean }]>([
    ["429", { kind: "flood", retryAfter: 1 }, { copies: 1, marked: false }],
    ["a proxy's 403 page", { kind: "html", status: 403 }, { copies: 1, marked: false }],
    ["500, not sent", { kind: "status", status: 500 }, { copies: 1, marked: true }],
    ["500, sent", { kind: "status", status: 500, accepted: true }, { copies: 2, marked: true }],
    ["cut before the send", { kind: "reset-before" }, { copies: 1, marked: true }],
    ["cut after the send", { kind: "reset-after" }, { copies: 2, marked: true }],
    ["broken JSON", { kind: "broken-json" }, { copies: 2, marked: true }],
  ])("arrives as a file: %s", async (_, fault, { copies, marked }) => {
    const owner = await open();
    t.telegram.fault("sendDocument", fault);
    t.telegram.say(owner.chat, owner.user, "Tell me everything");
    await t.row(
      "messages",
      ({ text, outcome }) => text.startsWith("Tell") && outcome === "answered",
    );
    const files = [];
    for (let n = 0; n < copies; n++) files.push(await t.telegram.nextSent());
    t.telegram.say(owner.chat, owner.user, "/tasks");
    // What came later is said later.
    expect((await t.telegram.nextSent()).text).toContain("There are no tasks here yet.");
    await t.idle();
    expect(t.telegram.sent).toHaveLength(2 + copies);
    for (const file of files) {
      expect(lineNumbers(file.document?.bytes.toString() ?? "")).toEqual(everyLine);
    }
    expect(files.at(-1)?.text.startsWith(`${marked ? REPEATED : ""}Line 0`)).toBe(true);
    if (copies === 2) expect(files[0]?.text.startsWith("Line 0")).toBe(true);
    const delivery = (await t.rows("deliveries")).find(({ body }) => body.includes("Line 1499"));
    expect(delivery).toMatchObject({ state: "sent", parts_sent: 1, marked: Number(marked) });
  });

  test("arrives as messages where no file may be sent", async () => {
    const owner = await open();
    const fault = refuse(400, "Bad Request: not enough rights to send documents to the chat");
    t.telegram.fault("sendDocument", fault, 2);
    t.telegram.say(owner.chat, owner.user, "Tell me everything");
    await t.row(
      "messages",
      ({ text, outcome }) => text.startsWith("Tell") && outcome === "answered",
    );
    await t.idle();
    const messages = t.telegram.sent.slice(1);
    expect(messages.length).toBeGreaterThan(10);
    expect(lineNumbers(messages.map(({ text }) => text).join("\n"))).toEqual(everyLine);
  });

  test("that Telegram refuses for good is one dead letter", async () => {
    const owner = await open();
    t.telegram.fault("sendDocument", refuse(403, "Forbidden: bot was blocked by the user"));
    t.telegram.say(owner.chat, owner.user, "Tell me everything");
    const dead = await t.row("deliveries", ({ state }) => state === "dead");
    expect(dead).toMatchObject({ parts_sent: 0, marked: 0 });
    expect(t.telegram.sent).toHaveLength(1);
  });
});

describe("a reply that Telegram can show in no message", () => {
  test.each([
    "Bad Request: message is too long",
    "Bad Request: can't parse entities: nobody knows why",
    "Bad Request: message text is empty",
  ])("arrives as a file: %s", async (description) => {
    const owner = await open();
    t.telegram.fault("sendMessage", refuse(400, description), 2);
    t.telegram.say(owner.chat, owner.user, "/help");
    const file = await t.telegram.nextSent();
    expect(file).toMatchObject({ method: "sendDocument", text: IN_THE_FILE });
    expect(file.document?.bytes.toString()).toContain(HELP);
    await t.idle();
    expect(t.telegram.sent).toHaveLength(2);
    const delivery = (await t.rows("deliveries")).find(({ body }) => body.includes(HELP));
    expect(delivery).toMatchObject({ state: "sent", parts_sent: 1, marked: 0, error: null });
  });

  test("is one dead letter when no file gets through either, and a replay sends the file", async () => {
    const owner = await open();
    t.telegram.fault("sendMessage", refuse(400, "Bad Request: message is too long"), 2);
    t.telegram.fault("sendDocument", refuse(413, "Request Entity Too Large"), 2);
    t.telegram.say(owner.chat, owner.user, "/help");
    const dead = await t.row("deliveries", ({ state }) => state === "dead");
    expect(dead.error).toBe("Telegram answered 413: Request Entity Too Large");
    const { status } = await t.api("POST", "/api/v1/deliveries/replay", { delivery_id: dead.id });
    expect(status).toBe(202);
    const file = await t.telegram.nextSent();
    expect(file.text).toBe(IN_THE_FILE);
    expect(file.document?.bytes.toString()).toContain(HELP);
  });
});
