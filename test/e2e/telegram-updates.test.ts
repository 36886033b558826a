import { afterEach, expect, test } from "vitest";
import { createHeldModel } from "../support/held-model.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { type Person, pairOwner } from "../support/pair-people.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

let t: TestRuntime;
afterEach(() => t.close());

/** Says `/help` and waits for its reply: whatever came before it was taken by then. */
async function seeItGoesOn({ chat, user }: Person) {
  t.telegram.say(chat, user, "/help");
  await t.telegram.nextSent(({ text }) => text.startsWith("What you can do here"));
  await t.idle();
}

const countOf = (text: string) => t.telegram.sent.filter((sent) => sent.text === text).length;

test("updates delivered again, in another order, and with ids that start anew, are handled once", async () => {
  t = await openTestRuntime({ telegram: true, model: createScriptedModel({ text: "Noted." }) });
  const owner = await pairOwner(t);
  const say = (text: string) => t.telegram.say(owner.chat, owner.user, text);
  say("one");
  await t.telegram.nextSent(({ text }) => text === "Noted.");
  t.telegram.updates.redeliver(2);
  await seeItGoesOn(owner);

  t.telegram.updates.reverseNext();
  t.telegram.updates.redeliver(3);
  say("two");
  await t.telegram.nextSent(({ text }) => text === "Noted.");
  await seeItGoesOn(owner);

  t.telegram.updates.restartIds(5);
  say("three");
  await t.telegram.nextSent(({ text }) => text === "Noted.");
  t.telegram.updates.redeliver(1);
  await seeItGoesOn(owner);
  // Five was what "three" came with, and six its `/help`: both are confirmed, though ids once were higher.
  await t.telegram.nextRequest(
    ({ method, values }) => method === "getUpdates" && Number(values["offset"]) === 7,
  );
  expect(t.telegram.updates.pending).toBe(0);

  expect(countOf("Noted.")).toBe(3);
  const texts = (await t.rows("messages")).map(({ text }) => text);
  expect(texts.filter((text) => !text.startsWith("/"))).toEqual(["one", "two", "three"]);
  expect((await t.rows("messages")).every(({ outcome }) => outcome === "answered")).toBe(true);
});

test("a button pressed once does its work once, however often the press is delivered", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "create a task to water the plants");
  t.telegram.press(await t.telegram.nextSent(), "Create the task");
  await t.telegram.nextSent(({ text }) => text.startsWith("Done:"));
  t.telegram.updates.redeliver(1);
  await seeItGoesOn(owner);
  expect(await t.rows("tasks")).toHaveLength(1);
});

test("a button that was pressed twice does its work once and goes, and the second press is told", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "create a task to water the plants");
  const card = await t.telegram.nextSent();
  t.telegram.fault("editMessageReplyMarkup", { kind: "status", status: 502 }, 2);
  t.telegram.press(card, "Create the task");
  t.telegram.press(card, "Create the task");
  const told = await t.telegram.nextAnswer(({ text }) => text !== "");
  expect(told).toMatchObject({ text: "This button was used already.", isAlert: true });
  await t.telegram.nextSent(({ text }) => text.startsWith("Done:"));
  const edited = await t.telegram.nextEdited();
  expect(edited.messageId).toBe(card.messageId);
  const labels = edited.buttons.flat().map(({ text }) => text);
  expect(labels).not.toContain("Create the task");
  await t.restart();
  t.telegram.press(card, "Create the task");
  await t.telegram.nextAnswer(({ text }) => text === "This button was used already.");
  expect(await t.rows("tasks")).toHaveLength(1);
});

test("a press that is refused is told to whoever pressed, leaves no line in the chat, and may be made again", async () => {
  t = await openTestRuntime({ telegram: true, model: createHeldModel() });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "/task water the plants");
  const card = await t.telegram.nextSent(({ text }) => text.includes("is queued"));
  t.telegram.say(owner.chat, owner.user, "/tasks");
  const listed = await t.telegram.nextSent(({ text }) => text.includes("water the plants"));
  t.telegram.press(card, card.buttons.flat()[0]?.text ?? "");
  await t.until(async () =>
    (await t.rows("tasks"))[0]?.status === "cancelled" ? true : undefined,
  );
  await t.idle();
  const lines = t.telegram.sent.length;
  t.telegram.fault("answerCallbackQuery", { kind: "status", status: 502 });
  t.telegram.press(listed, "Cancel: water the plants");
  await t.idle();
  await t.restart();
  t.telegram.press(listed, "Cancel: water the plants");
  const told = await t.telegram.nextAnswer(({ text }) => text.includes("has finished already"));
  expect(told.isAlert).toBe(true);
  await t.idle();
  expect(t.telegram.sent.length).toBe(lines);
  const presses = (await t.rows("messages")).filter(({ rule }) => rule === "button:cancel");
  expect(presses.map(({ outcome, reason }) => [outcome, reason])).toEqual([
    ["answered", null],
    ["dropped", "conflict"],
    ["dropped", "conflict"],
  ]);
});

test("an offset that was lost brings everything again, and nothing happens twice", async () => {
  t = await openTestRuntime({ telegram: true, model: createScriptedModel({ text: "Noted." }) });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "one");
  t.telegram.say(owner.chat, owner.user, "/task two");
  await t.telegram.nextSent(({ text }) => text.startsWith("Done:"));
  await t.idle();
  const before = t.telegram.sent.length;
  await t.stop();
  // Telegram remembers nothing of what was confirmed, and says that in another order.
  t.telegram.updates.redeliver(10);
  t.telegram.updates.reverseNext();
  await t.restart();
  await seeItGoesOn(owner);
  expect(t.telegram.sent.length).toBe(before + 1);
  expect(await t.rows("tasks")).toHaveLength(1);
  expect(await t.rows("messages")).toHaveLength(4);
});

test("what nobody can read is on record as dropped, and the service goes on", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const chat = { id: 1001, type: "private" };
  const from = { id: 1001, is_bot: false, first_name: "Olga" };
  const message = { message_id: 900, date: 1_760_000_000, chat, from };
  const strange: readonly object[] = [
    {},
    { poll: { id: "1" } },
    { message: null },
    { message: "hello" },
    { message: [] },
    { message: {} },
    { message: { ...message, chat: null, text: "hi" } },
    { message: { ...message, message_id: "900", text: "hi" } },
    { message: { ...message, message_id: 901, from: undefined, text: "hi" } },
    { message: { ...message, message_id: 902, text: 42 } },
    { message: { ...message, message_id: 903, text: "\u0000\u0007 \u001b" } },
    { message: { ...message, message_id: 904, text: "hi", entities: "none", date: -5 } },
    { message: { ...message, message_id: 905, sticker: { file_id: "x" } } },
    { callback_query: {} },
    { callback_query: { id: "7", from, data: "x" } },
    { callback_query: { id: "8", from, message, data: "dlv_zzzzzzzz:0" } },
    { callback_query: { id: "9", from, message, data: "'; drop table messages; --" } },
    { my_chat_member: { chat, from, date: 1, new_chat_member: { status: "kicked" } } },
    { edited_message: { ...message, text: "/status" } },
  ];
  strange.forEach((update, n) => {
    t.telegram.pushRawUpdate({ update_id: 2_000_000 + n, ...update });
  });
  t.telegram.pushRawUpdate(null);
  t.telegram.pushRawUpdate("no update");
  await t.row("messages", ({ external_message_id }) => external_message_id.startsWith("1001:900:"));
  await t.idle();
  const dropped = (await t.rows("messages"))
    .slice(1)
    .filter(({ outcome }) => outcome === "dropped");
  expect(dropped.length).toBeGreaterThanOrEqual(strange.length - 1);
  expect(dropped.every(({ reason }) => /^[a-z_]+$/.test(reason ?? ""))).toBe(true);
  expect(t.logLines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  await seeItGoesOn(owner);
});

test("the menu holds what members may use, and is registered once, also over restarts", async () => {
  t = await openTestRuntime({ telegram: true });
  await t.telegram.nextRequest(({ method }) => method === "setMyCommands");
  await t.row("settings", ({ key }) => key.startsWith("telegram-menu:"));
  expect(t.telegram.commands.map(({ command }) => command)).toEqual([
    "help",
    "status",
    "task",
    "tasks",
    "cancel",
    "explain",
    "new",
    "spend",
    "pending_actions",
    "pair",
    "rules",
  ]);
  await t.restart();
  await seeItGoesOn(await pairOwner(t));
  expect(t.telegram.requests.filter(({ method }) => method === "setMyCommands")).toHaveLength(1);
});
