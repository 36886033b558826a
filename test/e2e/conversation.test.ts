import { afterEach, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { type Person, pairOwner, pairPerson } from "../support/pair-people.ts";

let t: TestRuntime;
afterEach(() => t.close());

/** Says something and reads the reply. */
async function ask(person: Person, text: string, extra: object = {}) {
  t.telegram.say(person.chat, person.user, text, extra);
  return await t.telegram.nextSent(({ chatId }) => chatId === person.chat.id);
}

test.each([
  ["show my tasks please", "Show the tasks", "There are no tasks here yet."],
  ["what is your status?", "Show the status", "Running here: nothing"],
  ["what can you do", "Show all commands", "What you can do here"],
  ["please explain what happened", "Explain the last message", "Outcome: answered"],
  ["stop everything", "Show what can be cancelled", "Nothing that you may cancel"],
  ["Can you create a task to water the plants?", "Create the task", "is queued: water the plants"],
])("“%s” is offered as a button that works", async (plain, label, reply) => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const offer = await ask(owner, plain);
  expect(offer.buttons.flat().map(({ text }) => text)).toContain(label);
  expect(await t.rows("tasks")).toHaveLength(0);
  t.telegram.press(offer, label);
  const answer = await t.telegram.nextSent();
  expect(answer.text).toContain(reply);
  await t.idle();
  expect(t.telegram.openCallbacks.size).toBe(0);
});

test("a button of another chat does nothing, and one of this chat works", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const vic = await pairPerson(t, { id: 4004, name: "Vic", role: "viewer" });
  const offer = await ask(owner, "Can you create a task to water the plants?");
  // The same press, as if it came from the chat of somebody else.
  const stolen = { ...offer, message: { ...offer.message, chat: vic.chat } };
  t.telegram.press(stolen, "Create the task", vic.user);
  expect((await t.telegram.nextAnswer()).text).toContain("I no longer know this button.");
  const group = t.telegram.group(-55, "Plans");
  t.telegram.say(group, owner.user, "@runtime_bot create a task to sweep the yard");
  const card = await t.telegram.nextSent(({ chatId }) => chatId === -55);
  const label = card.buttons.flat()[0]?.text ?? "";
  t.telegram.press(card, label, owner.user);
  expect((await t.telegram.nextSent()).text).toContain("is queued");
});

test("commands are read in every spelling, and prose is not a command", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  expect((await ask(owner, "/statsu")).text).toBe(
    "I know no command /statsu.\n\nDid you mean /status?",
  );
  expect((await ask(owner, "/tsk x")).text).toMatch(/Did you mean \/task( or \/tasks)?\?/);
  expect((await ask(owner, "/zzzzzzzzzzzz")).text).toContain("Send /help to see what there is.");
  expect((await ask(owner, "/HELP@Runtime_Bot")).text).toContain("What you can do here");
  expect((await ask(owner, "/task water\nthe plants\n  now")).text).toContain("is queued: water");
  await t.telegram.nextSent(({ text }) => text.startsWith("Done:"));
  expect((await t.rows("tasks"))[0]?.prompt).toBe("water\nthe plants\n  now");
  expect((await ask(owner, "help me decide")).text).toContain("I am the offline model");
  expect((await ask(owner, "/etc/passwd is a file")).text).toContain("I am the offline model");
  expect((await ask(owner, "/task")).text).toBe("Say what is to be done: /task <prompt>");
});

test("/explain tells of the message before, of the one replied to and of one by the tail of its id", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  await t.idle();
  const helped = t.telegram.say(owner.chat, owner.user, "/help");
  const help = await t.telegram.nextSent();
  await ask(owner, "Good morning everybody out there");
  await t.idle();
  const [, first, second] = await t.rows("messages");
  const ids = [first?.id ?? "?", second?.id ?? "?"];

  expect((await ask(owner, "/explain")).text).toContain(ids[1]);
  const extra = { reply_to_message: helped };
  expect((await ask(owner, "/explain", extra)).text).toContain(ids[0]);
  expect((await ask(owner, "/explain", { reply_to_message: help.message })).text).toContain(ids[0]);
  const explained = (await ask(owner, `/explain ${ids[1]?.slice(-6)}`)).text;
  expect(explained).toContain(ids[1]);
  expect(explained).toMatch(/Rule: conversation\. Outcome: answered/);
  expect(explained).toMatch(/Turn run_\w+ succeeded with offline/);
  expect(explained).not.toContain("Good morning");
  expect((await ask(owner, `/explain ${ids[1]?.slice(-5)}`)).text).toContain("at least its last 6");
  expect((await ask(owner, "/explain zzzzzz")).text).toBe("I know no message zzzzzz.");
});

test("tasks go by the tail of their id, and other people's are unknown", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const ann = await pairPerson(t, { id: 2002, name: "Ann" });
  await ask(owner, "/task water the plants");
  await t.telegram.nextSent(({ text }) => text.startsWith("Done:"));
  const id = (await t.rows("tasks"))[0]?.id ?? "?";
  expect((await ask(owner, `/cancel ${id.slice(-6)}`)).text).toBe(
    `Task ${id} has finished already: succeeded.`,
  );
  expect((await ask(owner, `/cancel ${id.slice(-5)}`)).text).toContain("at least its last 6");
  expect((await ask(ann, `/cancel ${id}`)).text).toBe(`I know no task ${id}.`);
});
