import { afterEach, expect, test } from "vitest";
import { createHeldModel } from "../support/held-model.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { ownMsOf } from "../support/own-ms.ts";
import { addPerson, pairOwner, pairPerson } from "../support/pair-people.ts";

let t: TestRuntime;
afterEach(() => t.close());

const begins = (text: string) => (sent: { readonly text: string }) => sent.text.startsWith(text);

test.each(["stop", "Stop!", "/stop", "STOP."])(
  "%s during a long turn is answered within a second and ends the turn",
  async (word) => {
    const model = createHeldModel();
    t = await openTestRuntime({ telegram: true, model });
    const owner = await pairOwner(t);
    t.telegram.say(owner.chat, owner.user, "Count to a million");
    await model.begun(1);
    const tookMs = await ownMsOf(async () => {
      t.telegram.say(owner.chat, owner.user, word);
      await t.telegram.nextSent(begins("I am stopping."));
    });
    expect(tookMs).toBeLessThan(1_000);
    await t.telegram.nextSent(begins("Stopped."));
    await t.idle();

    const [, counted, stopped] = await t.rows("messages");
    expect(counted).toMatchObject({ outcome: "failed", reason: "cancelled" });
    expect(stopped).toMatchObject({ outcome: "answered", rule: "command:stop" });
    expect(await t.rows("runs")).toMatchObject([{ state: "cancelled", kind: "turn" }]);
    expect(model.aborted).toBe(1);
  },
);

test("/cancel during a long turn lists it at once, and its button ends it", async () => {
  const model = createHeldModel();
  t = await openTestRuntime({ telegram: true, model });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "Count to a million");
  await model.begun(1);
  const asked = t.telegram.nextSent(begins("What shall end?"));
  const tookMs = await ownMsOf(async () => {
    t.telegram.say(owner.chat, owner.user, "/cancel");
    await asked;
  });
  expect(tookMs).toBeLessThan(1_000);
  const list = await asked;
  expect(model.aborted).toBe(0);

  t.telegram.press(list, "Cancel: the answer I am writing");
  await t.telegram.nextSent(begins("I am stopping."));
  await t.telegram.nextSent(begins("Stopped."));
  expect(model.aborted).toBe(1);
  expect(t.telegram.openCallbacks.size).toBe(0);
  t.telegram.press(list, "Cancel: the answer I am writing");
  expect((await t.telegram.nextAnswer(({ text }) => text !== "")).text).toContain("used already");
});

test("other messages during a turn become the next turns, in order; commands are answered meanwhile", async () => {
  const model = createHeldModel();
  t = await openTestRuntime({ telegram: true, model });
  const owner = await pairOwner(t);
  for (const text of ["one", "two", "three"]) t.telegram.say(owner.chat, owner.user, text);
  await model.begun(1);
  t.telegram.say(owner.chat, owner.user, "/status");
  const status = await t.telegram.nextSent(begins("Running here: 3"));
  expect(status.text).toMatch(/running.*\n.*queued.*\n.*queued/);
  expect(model.asked).toEqual(["one"]);
  model.release();
  const answers = [];
  for (let n = 0; n < 3; n++) answers.push((await t.telegram.nextSent(begins("Answer to"))).text);
  expect(answers).toEqual(["Answer to: one", "Answer to: two", "Answer to: three"]);
  expect(model.asked).toEqual(["one", "two", "three"]);
});

test("stop also cancels what waits behind the turn; a sentence that begins with the word is a message", async () => {
  const model = createHeldModel();
  t = await openTestRuntime({ telegram: true, model });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "one");
  await model.begun(1);
  t.telegram.say(owner.chat, owner.user, "stop the music please");
  await t.row("runs", ({ state }) => state === "queued");
  t.telegram.say(owner.chat, owner.user, "stop");
  await t.telegram.nextSent(begins("I am stopping. One waiting message is cancelled."));
  await t.idle();
  expect((await t.rows("messages")).slice(1).map(({ reason }) => reason)).toEqual([
    "cancelled",
    "cancelled",
    null,
  ]);
  expect(model.asked).toEqual(["one"]);
  t.telegram.say(owner.chat, owner.user, "stop");
  await t.telegram.nextSent(begins("I am not answering anything here right now."));
});

test("in a group only who asked, or an operator, ends a turn, and each by a button of their own", async () => {
  const model = createHeldModel();
  t = await openTestRuntime({ telegram: true, model });
  const owner = await pairOwner(t);
  const ann = await pairPerson(t, { id: 2002, name: "Ann" });
  const bob = await pairPerson(t, { id: 3003, name: "Bob" });
  const vic = await pairPerson(t, { id: 4004, name: "Vic", role: "viewer" });
  const eve = addPerson(t, 6666, "Eve");
  const group = t.telegram.group(-55, "Plans");
  t.telegram.say(group, ann.user, "@runtime_bot think hard");
  await model.begun(1);
  t.telegram.say(group, ann.user, "/cancel@runtime_bot");
  const list = await t.telegram.nextSent(begins("What shall end?"));
  const button = "Cancel: the answer I am writing";

  for (const { user } of [bob, vic, owner]) {
    t.telegram.press(list, button, user);
    expect((await t.telegram.nextAnswer()).text).toContain("for the person I answered");
  }
  t.telegram.press(list, button, eve.user);
  expect((await t.telegram.nextAnswer()).text).toContain("I do not know you yet");
  t.telegram.say(group, bob.user, `/cancel@runtime_bot ${(await t.rows("runs"))[0]?.id}`);
  expect((await t.telegram.nextSent()).text).toContain("asked by somebody else");
  expect(model.aborted).toBe(0);
  t.telegram.say(group, owner.user, "/cancel@runtime_bot");
  const owners = await t.telegram.nextSent(begins("What shall end?"));
  t.telegram.press(owners, button, owner.user);
  await t.telegram.nextSent(begins("I am stopping."));
  expect((await t.telegram.nextSent(begins("Stopped."))).chatId).toBe(-55);
});
