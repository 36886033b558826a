import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { createFastClock } from "../crash/whole-runtime/fast-clock.ts";
import { createGrowingModel } from "../support/growing-model.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner } from "../support/pair-people.ts";

const SPEED = 5;
const GROWING = "\n(still writing …)";

let t: TestRuntime;
afterEach(() => t.close());

async function open(options: Parameters<typeof openTestRuntime>[0] = {}) {
  const model = createGrowingModel();
  const clock = createFastClock(SPEED, systemClock.now());
  t = await openTestRuntime({ telegram: true, model, clock, ...options });
  const owner = await pairOwner(t);
  const group = t.telegram.group(-55, "Plans");
  const ask = (text: string) => t.telegram.say(group, owner.user, `@runtime_bot ${text}`);
  return { model, owner, group, ask };
}

const inGroup = () => t.telegram.sent.filter(({ chatId, deleted }) => chatId === -55 && !deleted);
const draftRow = () => t.row("deliveries", ({ kind }) => kind === "draft");

test("an answer grows in a group as one message that is edited, and ends as the whole reply", async () => {
  const { model, ask, owner, group } = await open();
  const question = ask("how do I greet?");
  model.write("Like this:\n\n```js\nconst a = 1 < 2;\n");
  const draft = await t.telegram.nextSent(({ chatId }) => chatId === -55);
  expect(draft.text).toBe(`Like this:\n\nconst a = 1 < 2;${GROWING}`);
  expect(draft.replyTo).toBe(question.message_id);
  model.write("greet();\n");
  const grown = await t.telegram.nextEdited();
  expect(grown).toMatchObject({ text: `Like this:\n\nconst a = 1 < 2;\ngreet();${GROWING}` });
  model.write("```\n\nThat is all.\n\n[Help](command:/help)");
  model.finish();
  const whole = await t.telegram.nextEdited(({ text }) => !text.endsWith(GROWING));
  expect(whole.text).toContain("Like this:\n\nconst a = 1 < 2;\ngreet();\n\nThat is all.");
  expect(whole.entities).toMatchObject([{ type: "pre", language: "js" }]);
  expect(whole.messageId).toBe(draft.messageId);
  await t.idle();
  expect(inGroup()).toHaveLength(1);
  const rows = (await t.rows("deliveries")).filter(({ run_id: runId }) => runId !== null);
  expect(rows.map(({ kind, state }) => [kind, state])).toEqual([
    ["draft", "sent"],
    ["send", "sent"],
  ]);
  expect(rows[1]?.receipts).toBe(rows[0]?.receipts);
  t.telegram.say(group, owner.user, "/explain", { reply_to_message: question });
  await t.telegram.nextSent(({ text }) => text.includes("(draft) sent"));
});

test("a quick answer makes no draft", async () => {
  const { model, ask } = await open({ clock: createFastClock(1 / 4, systemClock.now()) });
  model.write("Hello.");
  model.finish();
  ask("hello");
  await t.telegram.nextSent(({ text }) => text === "Hello.");
  await t.idle();
  expect((await t.rows("deliveries")).filter(({ kind }) => kind === "draft")).toEqual([]);
});

test("what is longer than a message goes on in new ones, and what becomes a file takes the draft away", async () => {
  const { model, ask } = await open();
  ask("tell me a lot");
  model.write(`Begin ${"word ".repeat(1_500)}`);
  const draft = await t.telegram.nextSent(({ text }) => text.startsWith("Begin"));
  expect(draft.text.endsWith(GROWING)).toBe(true);
  model.finish();
  await t.telegram.nextSent(({ text }) => text.startsWith("word"));
  await t.idle();
  expect(inGroup().map(({ edits }) => edits)).toEqual([1, 0]);
  expect(inGroup().every(({ text }) => !text.includes(GROWING))).toBe(true);

  ask("tell me everything");
  model.write("All of it ");
  const other = await t.telegram.nextSent(({ text }) => text.startsWith("All of it"));
  model.write("word ".repeat(20_000));
  model.finish();
  const file = await t.telegram.nextSent(({ document }) => document !== undefined);
  expect(file.text).toContain("All of it word");
  await t.idle();
  expect(other.deleted).toBe(true);
});

test("other replies come meanwhile, and a stopped answer says so in its place", async () => {
  const { model, owner, group, ask } = await open();
  ask("tell me everything");
  model.write("In the beginning ");
  const draft = await t.telegram.nextSent(({ text }) => text.startsWith("In the beginning"));
  t.telegram.say(group, owner.user, "/status");
  await t.telegram.nextSent(({ text }) => text.startsWith("Running here"));
  t.telegram.say(group, owner.user, "@runtime_bot stop");
  const stopped = await t.telegram.nextEdited();
  expect(stopped).toMatchObject({ text: "Stopped.", messageId: draft.messageId });
});

test("an answer that fails says so in the place of what it was so far", async () => {
  const { model, ask } = await open();
  ask("how?");
  model.write("Like this, namely ");
  const draft = await t.telegram.nextSent(({ text }) => text.startsWith("Like this"));
  model.fail();
  const failed = await t.telegram.nextEdited(({ text }) => text.startsWith("I could not answer"));
  expect(failed.messageId).toBe(draft.messageId);
  expect(failed.buttons).toMatchObject([[{ text: "Explain" }]]);
});

test("a draft that somebody deleted is not sent again, and the answer is a message of its own", async () => {
  const { model, ask } = await open();
  ask("how?");
  model.write("Like this ");
  const draft = await t.telegram.nextSent(({ text }) => text.startsWith("Like this"));
  t.telegram.delete(draft);
  model.write("or like that ");
  await t.until(async () => ((await draftRow()).state === "failed" ? true : undefined));
  model.write("all the same.");
  model.finish();
  const answer = await t.telegram.nextSent(({ text }) => text.startsWith("Like this"));
  expect(answer.text).toBe("Like this or like that all the same.");
  await t.idle();
  expect(inGroup()).toHaveLength(1);
});

test("the answer is a message of its own when the draft is deleted only before it", async () => {
  const { model, ask } = await open();
  ask("how?");
  model.write("Like this ");
  const draft = await t.telegram.nextSent(({ text }) => text.startsWith("Like this"));
  await t.until(async () => ((await draftRow()).state === "sent" ? true : undefined));
  t.telegram.delete(draft);
  model.finish();
  await t.telegram.nextSent(({ text }) => text === "Like this");
  await t.idle();
  expect((await draftRow()).state).toBe("failed");
});

test("the answer waits for the edit under way, and never for long", async () => {
  const { model, ask } = await open();
  ask("how?");
  model.write("one ");
  const draft = await t.telegram.nextSent(({ text }) => text.startsWith("one"));
  t.telegram.fault("editMessageText", { kind: "slow", delayMs: 50 });
  model.write("two ");
  await t.telegram.nextRequest(({ method }) => method === "editMessageText");
  model.finish();
  expect((await t.telegram.nextEdited()).text).toBe(`one two${GROWING}`);
  expect((await t.telegram.nextEdited()).text).toBe("one two");
  await t.idle();
  expect(inGroup()).toEqual([draft]);

  ask("and then?");
  model.write("three ");
  const other = await t.telegram.nextSent(({ text }) => text.startsWith("three"));
  t.telegram.fault("editMessageText", { kind: "silent" });
  model.write("four ");
  await t.telegram.nextRequest(({ values }) => String(values["text"]).startsWith("three four"));
  model.finish();
  // That edit may still be made: in a message that is not there any more.
  const answer = await t.telegram.nextSent(({ text }) => text === "three four");
  await t.idle();
  expect(other.deleted).toBe(true);
  expect(inGroup()).toEqual([draft, answer]);
});

test("an edit that was given up while the answer still grew undoes nothing when it is made after the reply", async () => {
  const { model, ask } = await open();
  ask("how?");
  model.write("one ");
  const draft = await t.telegram.nextSent(({ text }) => text.startsWith("one"));
  t.telegram.fault("editMessageText", { kind: "slow", delayMs: 6_000 });
  model.write("two ");
  const edit = await t.telegram.nextRequest(({ method }) => method === "editMessageText");
  // It is given up after ten seconds of a clock that is five times as fast.
  await t.until(async () => ((await draftRow()).state === "sent" ? undefined : true));
  model.write("three.");
  model.finish();
  const answer = await t.telegram.nextSent(({ text }) => text === "one two three.");
  await t.telegram.nextRequest(({ method }) => method === "deleteMessage");
  await t.until(() => edit.status);
  await t.idle();
  expect(inGroup()).toEqual([answer]);
  expect(answer.edits).toBe(0);
  expect(draft.deleted).toBe(true);
});

test("429 rests the draft, and the answer comes when the chat may be written to again", async () => {
  const { model, ask } = await open();
  ask("how?");
  model.write("one ");
  await t.telegram.nextSent(({ text }) => text.startsWith("one"));
  t.telegram.fault("editMessageText", { kind: "flood", retryAfter: 8 });
  model.write("two ");
  await t.telegram.nextRequest(({ method }) => method === "editMessageText");
  model.write("three ");
  const later = await t.telegram.nextEdited();
  expect(later.text).toBe(`one two three${GROWING}`);
  t.telegram.fault("editMessageText", { kind: "flood", retryAfter: 2 });
  model.write("four");
  model.finish();
  await t.telegram.nextEdited(({ text }) => text === "one two three four");
  await t.idle();
  expect(inGroup()).toHaveLength(1);
});

test("a draft that is refused or in doubt is not tried again, and stands under no answer's name", async () => {
  const { model, ask } = await open();
  const drafts = async () => (await t.rows("deliveries")).filter(({ kind }) => kind === "draft");
  const faults = [{ kind: "flood", retryAfter: 1 }, { kind: "reset-after" }] as const;
  for (const [number, fault] of faults.entries()) {
    t.telegram.fault("sendMessage", fault);
    ask("how?");
    model.write(`By ${fault.kind} `);
    await t.until(async () => ((await drafts())[number]?.state === "failed" ? true : undefined));
    model.write("it goes");
    model.finish();
    await t.telegram.nextSent(({ text }) => text === `By ${fault.kind} it goes`);
    await t.idle();
    expect((await drafts())[number]).toMatchObject({ state: "failed", receipts: "[]" });
  }
  const texts = inGroup().map(({ text }) => text);
  expect(texts).toEqual(["By flood it goes", `By reset-after${GROWING}`, "By reset-after it goes"]);
});

test("after a restart the answer goes on in the same message", async () => {
  const { model, ask } = await open();
  ask("how?");
  model.write("Half of ");
  const draft = await t.telegram.nextSent(({ text }) => text.startsWith("Half of"));
  await t.until(async () => ((await draftRow()).state === "sent" ? true : undefined));
  const next = createGrowingModel();
  await t.restart({ model: next, clock: createFastClock(SPEED, systemClock.now()) });
  next.write("All of ");
  expect(await t.telegram.nextEdited()).toMatchObject({ text: `All of${GROWING}` });
  next.write("it.");
  next.finish();
  const whole = await t.telegram.nextEdited(({ text }) => text === "All of it.");
  expect(whole.messageId).toBe(draft.messageId);
  await t.idle();
  expect(inGroup()).toHaveLength(1);
});

test("a draft shows no secret, whole or half", async () => {
  const { model, ask } = await open();
  ask("what is the token?");
  const secret = t.telegram.token;
  model.write(`It is ${secret} and ${secret.slice(0, 12)}`);
  const draft = await t.telegram.nextSent(({ text }) => text.startsWith("It is"));
  expect(draft.text).toMatch(/^It is \S+ and\n/u);
  expect(draft.raw).not.toContain(secret.slice(0, 12));
  model.finish();
  await t.telegram.nextEdited();
});

test("a topic's answer grows in its topic", async () => {
  const { model, owner } = await open();
  const forum = t.telegram.group(-1_001, "Forum");
  t.telegram.say(forum, owner.user, "@runtime_bot how?", t.telegram.topic(forum, "Roses"));
  model.write("So ");
  const draft = await t.telegram.nextSent(({ text }) => text.startsWith("So"));
  expect(draft.message).toMatchObject({ is_topic_message: true });
  model.write("it is.");
  model.finish();
  await t.telegram.nextEdited(({ text }) => text === "So it is.");
});
