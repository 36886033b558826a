import { afterEach, beforeEach, expect, test } from "vitest";
import { contextPage } from "../../src/client/shapes/context.ts";
import type { Chat } from "../support/bot-api/chats.ts";
import { logInToPage } from "../support/log-in-to-page.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { addPerson, type Person, pairOwner, pairPerson } from "../support/pair-people.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

let t: TestRuntime;
let olga: Person;
let ann: Person;
let plans: Chat;
let other: Chat;
beforeEach(async () => {
  // It never answers, so that whatever it is asked fails.
  const env = { AGENT_MAX_LOOP_STEPS: "2" };
  const model = createScriptedModel({ callTool: "none" });
  t = await openTestRuntime({ telegram: true, model, env });
  olga = await pairOwner(t);
  ann = await pairPerson(t, { id: 2002, name: "Ann" });
  plans = t.telegram.group(-55, "Plans");
  other = t.telegram.group(-66, "Garden");
});
afterEach(() => t.close());

/** The answer to a command. */
async function ask(chat: Chat, person: Person, text: string): Promise<string> {
  const said = t.telegram.say(chat, person.user, text);
  const answer = await t.telegram.nextSent(
    (sent) => sent.chatId === chat.id && (chat.id > 0 || sent.replyTo === said.message_id),
  );
  return answer.text;
}

/** A task of Ann's in a group fails; in which other chats that is told then. */
async function failIn(chat: Chat): Promise<number[]> {
  await t.idle();
  const before = t.telegram.sent.length;
  t.telegram.say(chat, ann.user, "/task dig");
  await t.telegram.nextSent((sent) => sent.chatId === chat.id && sent.text.startsWith("Failed:"));
  await t.idle();
  return t.telegram.sent
    .slice(before)
    .filter(({ text }) => text.startsWith("In ") && text.includes("Failed: dig"))
    .map(({ chatId }) => chatId)
    .toSorted((a, b) => a - b);
}

test("a hub in a private chat hears of a failure in a public group, until it is none any more", async () => {
  const ada = await pairPerson(t, { id: 3003, name: "Ada", role: "admin" });
  expect(await ask(ada.chat, ada, "/admin-channel enable hub")).toContain("This is a hub");
  expect(await failIn(plans)).toEqual([3003]);
  expect(await failIn(other)).toEqual([3003]);
  await ask(ada.chat, ada, "/admin-channel disable");
  // Without an admin channel everyone who looks after the runtime is told.
  expect(await failIn(plans)).toEqual([1001, 3003]);
});

test("an admin channel hears of its own workspace only, and nobody hears anything twice", async () => {
  const topic = t.telegram.topic(plans, "Admins");
  t.telegram.say(plans, olga.user, "/admin_channel enable", topic);
  await t.telegram.nextSent(({ text }) => text.startsWith("This is an admin channel"));
  await ask(other, olga, "/admin-channel enable");
  expect(await failIn(plans)).toEqual([-55]);
  // Where it failed it is said already.
  expect(await failIn(other)).toEqual([]);
  await ask(olga.chat, olga, "/admin-channel enable hub");
  expect(await failIn(other)).toEqual([1001]);
});

test("a member, and whoever was an admin, cannot enable one, nor hear by one", async () => {
  expect(await ask(plans, ann, "/admin-channel enable hub")).toContain("does not allow");
  const ada = await pairPerson(t, { id: 3003, name: "Ada", role: "admin" });
  await ask(ada.chat, ada, "/admin-channel enable hub");
  const { body } = await t.api("GET", "/api/v1/users");
  const user = body.items.find((one: { display_name: string }) => one.display_name === "Ada");
  const listedHub = async () => {
    const { items } = contextPage.parse((await t.api("GET", "/api/v1/contexts")).body);
    const hub = items.find(({ external_id }) => external_id === "3003");
    return { supervises: hub?.supervises, is_asleep: hub?.is_asleep };
  };
  await t.api("POST", "/api/v1/users/role", { user_id: user.id, role: "member" });
  expect(await failIn(plans)).toEqual([1001]);
  expect(await listedHub()).toEqual({ supervises: "hub", is_asleep: true });
  expect(await ask(ada.chat, ada, "/admin-channel enable")).toContain("does not allow");
  await t.api("POST", "/api/v1/users/role", { user_id: user.id, role: "admin" });
  expect(await listedHub()).toEqual({ supervises: "hub", is_asleep: false });
  await t.api("POST", "/api/v1/users/unlink", { identity_id: user.identities[0].id });
  expect(await failIn(plans)).toEqual([1001]);
  expect((await t.rows("contexts")).filter((row) => row.is_admin === 1)).toEqual([]);
});

test("a reply that a group refuses is told in the admin channels over it", async () => {
  await ask(olga.chat, olga, "/admin-channel enable hub");
  await t.idle();
  t.telegram.kickBot(plans);
  t.telegram.say(plans, ann.user, "/help");
  const told = await t.telegram.nextSent(({ text }) => text.includes("could not deliver a reply"));
  expect(told.chatId).toBe(1001);
  expect(told.text).toContain("Plans");
  const row = (await t.rows("audit")).findLast(({ effects }) => effects.includes("change-context"));
  expect(row?.ids).toMatch(/contexts:ctx_/u);
});

/** Where it was told that a reply to somebody could not be delivered, once everything has come to its end. */
async function toldOfDead(person: Person, deadLetters: number): Promise<string[]> {
  await t.idle();
  const before = (await t.rows("deliveries")).length;
  t.telegram.say(person.chat, person.user, "/help");
  await t.until(async () => {
    const made = (await t.rows("deliveries")).slice(before);
    return made.filter(({ state }) => state === "dead").length === deadLetters ? true : undefined;
  });
  await t.idle();
  const contexts = await t.rows("contexts");
  return (await t.rows("deliveries"))
    .slice(before)
    .filter(({ body }) => body.includes("could not deliver a reply"))
    .map((row) => {
      const at = contexts.find(({ id }) => id === row.context_id);
      return `${at?.connector === "web" ? "page" : at?.external_id}: ${row.state}`;
    })
    .toSorted();
}

test("without an admin channel, a reply that a chat refuses is told to admins in their other chats", async () => {
  const ada = await pairPerson(t, { id: 3003, name: "Ada", role: "admin" });
  await logInToPage(t);
  t.telegram.block(ann.user);
  expect(await toldOfDead(ann, 1)).toEqual(["1001: sent", "3003: sent"]);
  // Never by the chat that takes nothing.
  t.telegram.block(ada.user);
  expect(await toldOfDead(ada, 1)).toEqual(["1001: sent"]);
  t.telegram.block(olga.user);
  // What tells of it dies as well: each is told on the page, and that is the end of it.
  expect(await toldOfDead(ann, 3)).toEqual([
    "1001: dead",
    "3003: dead",
    "page: sent",
    "page: sent",
  ]);
});

test("a stranger who refuses what they ask for is told of once, with nothing to tap", async () => {
  await ask(olga.chat, olga, "/admin-channel enable hub");
  const eve = addPerson(t, 6666, "Eve https://x.example /cancel");
  t.telegram.block(eve.user);
  const before = t.telegram.sent.length;
  for (let number = 1; number <= 5; number += 1) t.telegram.say(eve.chat, eve.user, "/help");
  await t.until(async () => {
    const dead = (await t.rows("deliveries")).filter(({ state }) => state === "dead");
    return dead.length === 5 ? true : undefined;
  });
  await t.idle();
  const told = t.telegram.sent.slice(before).filter(({ chatId }) => chatId === 1001);
  expect(told.map(({ raw }) => raw)).toEqual([
    expect.stringContaining("<code>Eve https://x.example /cancel (6666)</code>"),
  ]);
});

test("a failure is told with the title of its group as nothing to tap", async () => {
  await ask(olga.chat, olga, "/admin-channel enable hub");
  const group = t.telegram.group(-77, "Plans https://x.example");
  t.telegram.say(group, ann.user, "/task dig");
  const told = await t.telegram.nextSent(({ text }) => text.startsWith("In "));
  expect(told.raw).toMatch(/^In <code>Plans https:\/\/x\.example<\/code>:/u);
});
