import { afterEach, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { addPerson, pairOwner, pairPerson } from "../support/pair-people.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

let t: TestRuntime;
afterEach(() => t.close());

const outcomes = async () =>
  (await t.rows("messages"))
    .filter(({ text }) => !text.startsWith("/start") && !text.startsWith("/pair"))
    .map(({ outcome, reason }) => (reason === null ? outcome : `${outcome}(${reason})`));

test("a group hears only a mention, a reply to the bot and a command", async () => {
  t = await openTestRuntime({ telegram: true, model: createScriptedModel({ text: "Noted." }) });
  const owner = await pairOwner(t);
  const group = t.telegram.group(-55, "Plans");
  t.telegram.say(group, owner.user, "We meet at ten");
  t.telegram.say(group, owner.user, "@other_bot when do we meet?");
  t.telegram.say(group, owner.user, "/help@other_bot");
  t.telegram.say(group, owner.user, "/weather tomorrow");
  t.telegram.say(group, owner.user, "stop");
  const asked = t.telegram.say(group, owner.user, "When do we meet, @runtime_bot?");
  const answer = await t.telegram.nextSent();
  expect(answer).toMatchObject({ chatId: -55, text: "Noted.", replyTo: asked.message_id });
  t.telegram.say(group, owner.user, "Are you sure?", { reply_to_message: answer.message });
  await t.telegram.nextSent(({ text }) => text === "Noted.");
  t.telegram.say(group, owner.user, "/status@runtime_bot");
  await t.telegram.nextSent(({ text }) => text.startsWith("Running here"));
  t.telegram.say(group, owner.user, "/status");
  await t.telegram.nextSent(({ text }) => text.startsWith("Running here"));
  t.telegram.say(group, owner.user, "/weather@runtime_bot");
  await t.telegram.nextSent(({ text }) => text.startsWith("I know no command /weather."));
  await t.idle();
  expect(await outcomes()).toEqual([
    "dropped(not_addressed)",
    "dropped(not_addressed)",
    "dropped(for_another_bot)",
    "dropped(not_addressed)",
    "dropped(not_addressed)",
    "answered",
    "answered",
    "answered",
    "answered",
    "answered(unknown_command)",
  ]);
});

test("channel posts, anonymous admins and bots are never a person", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const group = t.telegram.group(-1001234, "Plans");
  const channel = t.telegram.channel(-1009999, "News");
  const robot = t.telegram.user(9009, "Robot", { is_bot: true });
  const anonymous = t.telegram.user(1_087_968_824, "Group", { is_bot: true });
  t.telegram.say(channel, undefined, "/status");
  t.telegram.say(group, anonymous, "/status@runtime_bot", { sender_chat: group });
  t.telegram.say(group, owner.user, "/status@runtime_bot", { sender_chat: group });
  t.telegram.say(group, robot, "/status@runtime_bot");
  t.telegram.say(owner.chat, owner.user, "/help");
  await t.telegram.nextSent();
  await t.until(async () => ((await t.rows("messages")).length === 6 ? true : undefined));
  await t.idle();
  expect(await outcomes()).toEqual([
    "dropped(channel_post)",
    "dropped(anonymous_sender)",
    "dropped(anonymous_sender)",
    "dropped(from_bot)",
    "answered",
  ]);
  expect(t.telegram.sent).toHaveLength(2);
});

test("topics of a forum are conversations of their own in one workspace, and answered where they are", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const forum = t.telegram.group(-1001234, "Plans");
  const topics = [t.telegram.topic(forum, "Garden"), t.telegram.topic(forum, "Kitchen"), {}];
  for (const topic of topics) {
    t.telegram.say(forum, owner.user, "@runtime_bot create a task to sweep", topic);
    const card = await t.telegram.nextSent(({ text }) => text.startsWith("A command does that"));
    const thread = (topic as { message_thread_id?: number }).message_thread_id;
    expect(card.message["message_thread_id"]).toBe(thread);
    expect(card.replyTo).toBeDefined();
    t.telegram.press(card, "Create the task", owner.user);
    const done = await t.telegram.nextSent(({ text }) => text.startsWith("Done:"));
    expect(done.message["message_thread_id"]).toBe(thread);
  }
  const contexts = (await t.rows("contexts")).filter((row) => row.external_id.startsWith("-100"));
  expect(contexts.map((row) => [row.external_id, row.title]).toSorted()).toEqual([
    ["-1001234", "Plans"],
    ["-1001234:1", "Plans / Garden"],
    ["-1001234:2", "Plans / Kitchen"],
  ]);
  expect(new Set(contexts.map((row) => row.workspace_id)).size).toBe(1);
});

test("a button of an old card in a topic works there, though Telegram tells the chat alone", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const forum = t.telegram.group(-1001234, "Plans");
  const topic = t.telegram.topic(forum, "Garden") as { message_thread_id: number };
  t.telegram.say(forum, owner.user, "@runtime_bot create a task to sweep", topic);
  const card = await t.telegram.nextSent(({ text }) => text.startsWith("A command does that"));
  const inaccessible = { chat: forum, message_id: card.messageId, date: 0 };
  t.telegram.press({ ...card, message: inaccessible }, "Create the task", owner.user);
  const done = await t.telegram.nextSent(({ text }) => text.startsWith("Done:"));
  expect(done.message["message_thread_id"]).toBe(topic.message_thread_id);
});

test("-123 and 123 are two conversations with two workspaces", async () => {
  t = await openTestRuntime({ telegram: true });
  await pairOwner(t);
  const ann = await pairPerson(t, { id: 123, name: "Ann" });
  const group = t.telegram.group(-123, "Plans");
  t.telegram.say(ann.chat, ann.user, "/task sort the private post");
  t.telegram.say(group, ann.user, "/task sort the public post");
  const [mine, ours] = await Promise.all([
    t.telegram.nextSent((one) => one.chatId === 123 && one.text.startsWith("Done:")),
    t.telegram.nextSent((one) => one.chatId === -123 && one.text.startsWith("Done:")),
  ]);
  expect(mine.text).toContain("private post");
  expect(ours.text).toContain("public post");
  const contexts = (await t.rows("contexts")).filter(({ external_id }) =>
    ["123", "-123"].includes(external_id),
  );
  expect(contexts.map(({ external_id, kind }) => [external_id, kind])).toEqual([
    ["123", "private"],
    ["-123", "group"],
  ]);
  expect(new Set(contexts.map(({ workspace_id }) => workspace_id)).size).toBe(2);
});

test.each(["told by Telegram", "told by the answer to a reply", "told late"])(
  "a group that became a supergroup is the same conversation, %s",
  async (way) => {
    t = await openTestRuntime({ telegram: true });
    const owner = await pairOwner(t);
    const group = t.telegram.group(-55, "Plans");
    t.telegram.say(group, owner.user, "/task water the plants");
    await t.telegram.nextSent(({ text }) => text.startsWith("Done:"));
    await t.idle();
    const supergroup = t.telegram.group(-10055, "Plans");
    t.telegram.migrate(group, supergroup);
    if (way === "told by the answer to a reply") {
      t.telegram.say(group, owner.user, "/status");
      const answer = await t.telegram.nextSent(({ text }) => text.startsWith("Running here"));
      expect(answer.chatId).toBe(-10055);
    }
    if (way === "told late") {
      t.telegram.say(supergroup, owner.user, "/status");
      await t.telegram.nextSent(({ text }) => text.startsWith("Running here"));
    }
    if (way !== "told by the answer to a reply") {
      t.telegram.announceMigration(group, supergroup, owner.user);
      t.telegram.updates.redeliver(2);
    }
    t.telegram.say(supergroup, owner.user, "/tasks");
    await t.telegram.nextSent((one) => one.chatId === -10055 && one.text.includes("plants"));
    const moved = (await t.rows("contexts")).filter((row) => row.external_id === "-10055");
    expect(moved).toHaveLength(1);
    const [task] = await t.rows("tasks");
    expect(task?.context_id).toBe(moved[0]?.id);
  },
);

test("replies that wait while their group becomes a supergroup keep their order", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const group = t.telegram.group(-55, "Plans");
  t.telegram.fault("sendMessage", { kind: "flood", retryAfter: 3 }, 1);
  t.telegram.say(group, owner.user, "/explain first_one");
  t.telegram.say(group, owner.user, "/explain second_one");
  await t.row("deliveries", ({ error }) => `${error}`.includes("429"));
  await t.row("deliveries", ({ body }) => `${body}`.includes("second_one"));

  const supergroup = t.telegram.group(-10055, "Plans");
  t.telegram.migrate(group, supergroup);
  t.telegram.announceMigration(group, supergroup, owner.user);
  t.telegram.say(supergroup, owner.user, "/explain third_one");
  const third = await t.row("deliveries", ({ body }) => `${body}`.includes("third_one"));
  expect(third["external_id"]).toBe("-10055");
  await t.idle();
  const arrived = t.telegram.sent.filter(({ chatId }) => chatId === -10055);
  expect(arrived.map(({ text }) => /\w+_one/.exec(text)?.[0])).toEqual([
    "first_one",
    "second_one",
    "third_one",
  ]);
});

test("a group that became a supergroup, and a person who blocked the bot, stop nobody else", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const eve = addPerson(t, 6666, "Eve");
  const group = t.telegram.group(-55, "Plans");
  const supergroup = t.telegram.group(-10055, "Plans");
  t.telegram.migrate(group, supergroup);
  t.telegram.say(group, owner.user, "/status");
  expect((await t.telegram.nextSent()).chatId).toBe(-10055);

  t.telegram.block(eve.user);
  t.telegram.say(eve.chat, eve.user, "/help");
  const told = await t.telegram.nextSent(({ text }) => text.startsWith("I could not deliver"));
  expect(told.chatId).toBe(1001);
  expect(told.text).toMatch(/^I could not deliver a reply to Eve \(6666\) .*403/);
  t.telegram.say(owner.chat, owner.user, "/help");
  expect((await t.telegram.nextSent()).text).toContain("What you can do here");
});
