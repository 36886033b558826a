import { afterEach, expect, test } from "vitest";
import type { Chat, Sent } from "../support/bot-api/chats.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { type Person, pairOwner } from "../support/pair-people.ts";

let t: TestRuntime;
afterEach(() => t.close());

interface Scene {
  readonly owner: Person;
  readonly group: Chat;
  readonly supergroup: Chat;
  /** Offers a task as a button, under the id that the group had. */
  readonly card: Sent;
}

async function openGroup(): Promise<Scene> {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const group = t.telegram.group(-55, "Plans");
  t.telegram.say(group, owner.user, "@runtime_bot create a task to water the plants");
  const card = await t.telegram.nextSent(({ text }) => text.startsWith("A command does that"));
  await t.idle();
  const supergroup = t.telegram.group(-10055, "Plans");
  t.telegram.migrate(group, supergroup);
  return { owner, group, supergroup, card };
}

const groups = async () => (await t.rows("contexts")).filter(({ kind }) => kind === "group");

/** Whatever comes late under the old id is heard and answered where the group is. */
async function expectOneConversation({ owner, group, supergroup, card }: Scene): Promise<void> {
  t.telegram.press(card, "Create the task", owner.user);
  await t.telegram.nextSent(({ chatId, text }) => chatId === -10055 && text.startsWith("Done:"));
  for (const chat of [group, supergroup]) {
    t.telegram.say(chat, owner.user, "/tasks");
    const list = await t.telegram.nextSent(({ text }) => text.startsWith("• task_"));
    expect(list.chatId).toBe(-10055);
    expect(list.text).toContain("water the plants");
  }
  await t.idle();
  const [task] = await t.rows("tasks");
  const [context] = (await groups()).filter(({ id }) => id === task?.context_id);
  expect(context?.external_id).toBe("-10055");
  const heard = (await t.rows("messages")).filter(({ text }) => /^\/tasks|^dlv_/u.test(text));
  expect(heard.map(({ context_id }) => context_id)).toEqual(heard.map(() => context?.id));
  const [press] = (await t.rows("messages")).filter(({ kind }) => kind === "button");
  expect(press?.outcome).toBe("task");
}

test.each([
  ["old", false],
  ["new", false],
  ["old", true],
  ["new", true],
] as const)(
  "what comes late under the old id of a group belongs to its conversation; %s chat first, restart %s",
  async (first, isRestarted) => {
    const scene = await openGroup();
    t.telegram.announceMigration(scene.group, scene.supergroup, scene.owner.user, first);
    await t.until(async () =>
      (await t.rows("messages")).filter(({ reason }) => reason === "migration").length === 2
        ? true
        : undefined,
    );
    if (isRestarted) await t.restart();
    await expectOneConversation(scene);
    expect(await groups()).toHaveLength(1);
  },
);

test("so it does when the answer to a reply told of the move, and the notices never come", async () => {
  const scene = await openGroup();
  t.telegram.say(scene.group, scene.owner.user, "/status");
  await t.telegram.nextSent(({ text }) => text.startsWith("Running here"));
  await expectOneConversation(scene);
  expect(await groups()).toHaveLength(1);
});

test("so it does when people wrote in the supergroup before the move was told, and their old card works", async () => {
  const scene = await openGroup();
  const { owner, supergroup } = scene;
  t.telegram.say(supergroup, owner.user, "@runtime_bot create a task to sweep the floor");
  const early = await t.telegram.nextSent(({ chatId }) => chatId === -10055);
  t.telegram.announceMigration(scene.group, supergroup, owner.user, "new");
  await expectOneConversation(scene);
  t.telegram.press(early, "Create the task", owner.user);
  const done = await t.telegram.nextSent(({ text }) => text.startsWith("Done: sweep the floor"));
  expect(done.chatId).toBe(-10055);
  await t.idle();
  expect((await groups()).map(({ external_id }) => external_id).toSorted()).toEqual([
    "-10055",
    "-55",
  ]);
});
