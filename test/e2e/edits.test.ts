import { afterEach, expect, test } from "vitest";
import { createHeldModel } from "../support/held-model.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner } from "../support/pair-people.ts";

let t: TestRuntime;
afterEach(() => t.close());

const outcomes = async () =>
  (await t.rows("messages"))
    .filter(({ text }) => !text.startsWith("/start"))
    .map(({ kind, outcome, reason }) => `${kind}: ${reason === null ? outcome : reason}`);

const received = (count: number) =>
  t.until(async () => ((await t.rows("messages")).length === count + 1 ? true : undefined));

test("a question that waits is answered as it reads last; one that is being answered is asked anew", async () => {
  const model = createHeldModel();
  t = await openTestRuntime({ telegram: true, model });
  const owner = await pairOwner(t);
  const running = t.telegram.say(owner.chat, owner.user, "How old is Rome?");
  await model.begun(1);
  const waiting = t.telegram.say(owner.chat, owner.user, "And Pris?");
  await received(2);
  t.telegram.edit(waiting, "And Paris?");
  t.telegram.edit(running, "How old is Roma?");
  await t.row("messages", ({ kind, rule }) => kind === "edit" && rule === "conversation");
  // Telegram tells of a link preview as of an edit, and everything may come twice.
  t.telegram.edit(running, "How old is Roma?", Math.floor(Date.now() / 1_000) + 5);
  await received(5);
  t.telegram.updates.redeliver(5);
  t.telegram.say(owner.chat, owner.user, "/status");
  await t.telegram.nextSent(({ text }) => text.startsWith("Running here"));
  model.release();
  await t.idle();
  expect(model.asked).toEqual([
    "How old is Rome?",
    "And Paris?",
    "(They edited an earlier message, which says now:) How old is Roma?",
  ]);
  expect(await outcomes()).toEqual([
    "message: answered",
    "message: answered",
    "edit: replaced",
    "edit: answered",
    "edit: unchanged",
    "message: answered",
  ]);
});

test("a command is done once however often its message is edited, and a mistyped one when it is put right", async () => {
  t = await openTestRuntime({ telegram: true });
  const owner = await pairOwner(t);
  const said = t.telegram.say(owner.chat, owner.user, "/tsk sweep the yard");
  await t.telegram.nextSent(({ text }) => text.includes("/tsk"));
  t.telegram.edit(said, "/task sweep the yard");
  await t.telegram.nextSent(({ text }) => text.includes("is queued: sweep the yard"));
  t.telegram.edit(said, "/task sweep the yards");
  await t.telegram.nextSent(({ text }) => text.includes("Send it as a new message"));
  t.telegram.edit(said, "/task sweep all yards");
  await received(4);
  await t.idle();
  expect((await t.rows("tasks")).map(({ prompt }) => prompt)).toEqual(["sweep the yard"]);
  expect(await outcomes()).toEqual([
    "message: unknown_command",
    "edit: task",
    "edit: already_done",
    "edit: already_done",
  ]);
});
