import { afterEach, expect, test } from "vitest";
import type { ConversationPage } from "../../src/client/shapes/conversation.ts";
import { allowAnswer } from "../support/allow-answer.ts";
import type { Chat, Sent } from "../support/bot-api/chats.ts";
import { createHeldModel } from "../support/held-model.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { addPerson, type Person, pairOwner, pairPerson } from "../support/pair-people.ts";

let t: TestRuntime;
let owner: Person;
let garden: Chat;
afterEach(() => t.close());

/** A group that opted in, and two hubs where its tasks are announced. */
async function openHubs(model = createHeldModel(), env: Readonly<Record<string, string>> = {}) {
  t = await openTestRuntime({ telegram: true, model, env });
  owner = await pairOwner(t);
  garden = t.telegram.group(-55, "Garden");
  t.telegram.say(garden, owner.user, "/settings triage on");
  await t.telegram.nextSent(({ text }) => text.startsWith("That holds"));
  for (const [id, title] of [
    [-60, "Admins"],
    [-61, "Night shift"],
  ] as const) {
    t.telegram.say(t.telegram.group(id, title), owner.user, "/admin-channel enable hub");
    await t.telegram.nextSent(({ chatId, text }) => chatId === id && text.startsWith("This is a"));
  }
  return model;
}

/** Both copies of the card, and how each looked when it came. */
async function announced() {
  t.telegram.say(garden, addPerson(t, 6666, "Eve").user, "The gate is broken");
  const copyIn = (id: number) =>
    t.telegram.nextSent(({ chatId, text }) => chatId === id && text.startsWith("issue, p2"));
  const [here, there] = [await copyIn(-60), await copyIn(-61)];
  return { here, there, oldHere: { ...here }, oldThere: { ...there } };
}

const labelsOf = ({ buttons }: Sent) => buttons.flat().map(({ text }) => text);
const sees = (card: Sent, ...words: readonly string[]) =>
  t.until(async () => (words.every((word) => card.text.includes(word)) ? true : undefined));
const edits = async () => (await t.rows("deliveries")).filter(({ kind }) => kind === "edit");

test("what one admin decides is told by every copy of the card, and old buttons do nothing but say so", async () => {
  const model = await openHubs();
  const { here, there, oldHere, oldThere } = await announced();
  const { user: ada } = await pairPerson(t, { id: 3003, name: "Ada", role: "admin" });
  const eve = addPerson(t, 6666, "Eve").user;
  t.telegram.press(here, "Drop", eve);
  await t.telegram.nextAnswer(({ text }) => text.startsWith("I do not know you yet."));
  t.telegram.press(here, "Start", ada);
  await model.begun(1);
  for (const card of [here, there]) {
    await sees(card, "It was set going.", "Started as issue, p2, as Ada (idn_");
    expect(labelsOf(card)).not.toContain("Start");
    expect(labelsOf(card)).toContain("Drop");
  }
  for (const old of [oldHere, oldThere]) {
    t.telegram.press(old, "Drop", owner.user);
    const told = await t.telegram.nextAnswer(({ text }) => text !== "");
    expect(told.text).toContain("This has changed since. Started as issue, p2, as Ada (idn_");
  }
  expect(await t.rows("tasks")).toMatchObject([{ status: "running" }]);
  model.release();
  await allowAnswer(t, owner.user);
  for (const card of [here, there]) {
    await sees(card, "It is over: succeeded.", "Started as issue, p2, as Ada (idn_");
    expect(card.buttons).toEqual([]);
  }
});

test.each([
  ["/route", "Dropped, as ", "[NOISE] The gate is broken"],
  ["/cancel", "Cancelled, as ", "[ISSUE] The gate is broken"],
  ["HTTP", "Cancelled, as ", "[ISSUE] The gate is broken"],
])("what %s decides is told by the cards, too", async (mouth, says, title) => {
  await openHubs();
  const { here, there } = await announced();
  const id = (await t.rows("tasks"))[0]?.id ?? "";
  if (mouth === "HTTP") await t.api("POST", "/api/v1/tasks/cancel", { task_id: id });
  else
    t.telegram.say(owner.chat, owner.user, `${mouth} ${id}${mouth === "/route" ? " noise" : ""}`);
  for (const card of [here, there]) {
    await sees(card, says, "It is over: cancelled.");
    expect(card.buttons).toEqual([]);
  }
  expect((await t.rows("tasks"))[0]?.title).toBe(title);
});

test("a card is changed once Telegram can be reached again, also by the next process", async () => {
  await openHubs();
  const { here, there } = await announced();
  await t.idle();
  const lines = t.telegram.sent.length;
  t.telegram.fault("editMessageText", { kind: "reset-after" }, 1);
  t.telegram.fault("editMessageText", { kind: "status", status: 502 }, 3);
  t.telegram.press(here, "Drop", owner.user);
  await t.until(async () => ((await edits()).length === 2 ? true : undefined));
  await t.restart();
  for (const card of [here, there]) await sees(card, "Dropped, as ");
  await t.until(async () =>
    (await edits()).every(({ state }) => state === "sent") ? true : undefined,
  );
  await t.idle();
  const said = t.telegram.sent.slice(lines).map(({ text }) => text);
  expect(said).toEqual([expect.stringContaining("is noise and cancelled")]);
});

test("a copy that was deleted is left alone, and nobody is alarmed", async () => {
  await openHubs();
  const { here, there } = await announced();
  const gone = "Bad Request: message to edit not found";
  const refused = { kind: "refuse", status: 400, description: gone } as const;
  t.telegram.fault("editMessageText", refused, 1);
  t.telegram.fault("editMessageReplyMarkup", refused, 1);
  t.telegram.press(here, "Drop", owner.user);
  await t.until(async () =>
    (await edits()).every(({ state }) => state !== "pending") && (await edits()).length === 2
      ? true
      : undefined,
  );
  expect((await edits()).map(({ state }) => state).toSorted()).toEqual(["failed", "sent"]);
  expect([here, there].filter(({ buttons }) => buttons.length === 0)).toHaveLength(1);
  await t.idle();
  expect(t.telegram.sent.filter(({ text }) => text.includes("could not"))).toEqual([]);
});

test("a card on the page reads as it was decided elsewhere, and its new buttons are others", async () => {
  await openHubs();
  const say = (text: string, id: string) =>
    t.api("POST", "/api/v1/conversation/messages", { text, message_id: id, pressed: false });
  await say("/admin-channel enable hub", "page-1");
  await t.idle();
  const { here } = await announced();
  const read = async () => {
    const { body } = await t.api("GET", "/api/v1/conversation");
    const { items } = body as ConversationPage;
    const card = items.find(({ text }) => /^\*\*(issue|noise), p/u.test(text));
    return { card, count: items.length };
  };
  const before = await read();
  expect(before.card?.text).toMatch(/^\*\*issue, p2\*\*/u);
  t.telegram.press(here, "Priority p1", owner.user);
  await sees(here, "Started as issue, p1");
  const after = await read();
  expect(after.count).toBe(before.count);
  expect(after.card?.id).toBe(before.card?.id);
  expect(after.card?.spoken).toContain("Started as issue, p1, as Owner (idn_");
  const ids = (card: typeof after.card) => card?.buttons.map(({ press_id }) => press_id) ?? [];
  expect(ids(after.card).filter((id) => ids(before.card).includes(id))).toEqual([]);
});

test("of two admins who decide at once one does, and the other reads it", async () => {
  await openHubs();
  const { here, there } = await announced();
  const { user: ada } = await pairPerson(t, { id: 3003, name: "Ada", role: "admin" });
  t.telegram.press(here, "Drop", ada);
  t.telegram.press(there, "Start", owner.user);
  const told = await t.telegram.nextAnswer(({ text }) => text !== "");
  expect(told).toMatchObject({ isAlert: true });
  expect(told.text).toMatch(/^This has changed since\./u);
  await t.idle();
  const presses = (await t.rows("messages")).filter(({ kind }) => kind === "button");
  expect(presses.map(({ reason }) => reason).toSorted()).toEqual(["button_outdated", null]);
  expect(await edits()).toHaveLength(2);
});

test("each button changes what it names and nothing that another one has set", async () => {
  await openHubs(createHeldModel(), { LLM_ENABLED: "false" });
  const { here, there, oldThere } = await announced();
  const { user: ada } = await pairPerson(t, { id: 3003, name: "Ada", role: "admin" });
  const become = async (label: string, ...words: readonly string[]) => {
    t.telegram.press(here, label, ada);
    for (const card of [here, there]) await sees(card, ...words, "It waits");
  };
  await become("Class question", "question, p3.");
  await become("Priority p1", "question, p1.");
  t.telegram.press(here, "Start", ada);
  await t.telegram.nextSent(
    ({ text }) => text.includes("is question, p1") && /still waits/u.test(text),
  );
  t.telegram.press(oldThere, "Priority p3", owner.user);
  await t.telegram.nextAnswer(({ text }) => text.startsWith("This has changed since."));
  const [task] = await t.rows("tasks");
  expect(task).toMatchObject({ route_class: "question", priority: "p1", status: "blocked" });
  await become("Class task", "task, p2.");
  await become("Priority p3", "task, p3.");
});
