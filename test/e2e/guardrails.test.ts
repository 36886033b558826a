import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { createFastClock } from "../crash/whole-runtime/fast-clock.ts";
import { createGrowingModel } from "../support/growing-model.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner } from "../support/pair-people.ts";
import { createScriptedModel, type ScriptedModel } from "../support/scripted-model.ts";

const CARD = "4111 1111 1111 1111";
const IBAN = "DE89 3704 0044 0532 0130 00";
/** Two groups side by side: one alone may stand in an id or a duration. */
const ANY_VALUE = /1111\W{0,4}1111|3704\W{0,4}0044/;
const BOT_SECRET = "AAcanary-of-the-bot-token-1234567890";
const TOKEN = `700100200:${BOT_SECRET}`;
const ADMIN = "canary-of-the-admin-token-1234567890";

let t: TestRuntime;
afterEach(() => t.close());

const toldTo = (model: ScriptedModel) => JSON.stringify(model.calls.map(({ prompt }) => prompt));
const shown = () => JSON.stringify([t.telegram.sent, t.telegram.drafts, t.logLines]);

test("with guardrails that replace, no value passes to the model or from it, in no answer, draft, result or log", async () => {
  const model = createScriptedModel(
    { text: `Yours is ${CARD}, or **4111**-1111-1111-1111. ` },
    { text: `It is ${IBAN}.` },
  );
  t = await openTestRuntime({
    telegram: true,
    model,
    env: { GUARDRAILS_INPUT: "redact", GUARDRAILS_OUTPUT: "redact" },
  });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, `Mine is ${CARD}, isn't it?`);
  const answer = await t.telegram.nextSent(({ text }) => text.startsWith("Yours"));
  expect(answer.text).toContain("[redacted], or");
  t.telegram.say(owner.chat, owner.user, "/task find out which account");
  await t.telegram.nextSent(({ text }) => text.includes("It is [redacted]."));
  await t.idle();
  const [task] = await t.rows("tasks");
  expect(task).toMatchObject({ status: "succeeded", result_text: "It is [redacted]." });
  expect(toldTo(model)).toContain("Mine is [redacted]");
  expect(`${toldTo(model)}${shown()}`).not.toMatch(ANY_VALUE);
  expect(t.logLines.join("\n")).toContain("guardrail found values");
});

test("with guardrails that block, what holds a value reaches no model, and what a model says with one is kept back", async () => {
  const model = createScriptedModel({ text: `It is ${CARD}.` });
  t = await openTestRuntime({
    telegram: true,
    model,
    env: { GUARDRAILS_INPUT: "block", GUARDRAILS_OUTPUT: "block" },
  });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, `Mine is ${CARD}`);
  await t.telegram.nextSent(({ text }) => text.includes("Take that out"));
  expect(model.calls).toHaveLength(0);
  t.telegram.say(owner.chat, owner.user, "What is it?");
  const refused = await t.telegram.nextSent(({ text }) => text.includes("kept"));
  expect(refused.text).toContain("a card number");
  t.telegram.say(owner.chat, owner.user, "/task find it");
  await t.telegram.nextSent(({ text }) => text.includes("kept"));
  await t.idle();
  expect((await t.rows("runs")).map(({ kind, state }) => [kind, state])).toEqual([
    ["turn", "failed"],
    ["task", "failed"],
  ]);
  expect(await t.rows("tasks")).toMatchObject([{ status: "failed", result_text: null }]);
  expect(`${toldTo(model)}${shown()}`).not.toMatch(ANY_VALUE);
});

test("a growing answer never shows a part of a value", async () => {
  const model = createGrowingModel();
  t = await openTestRuntime({ telegram: true, model, env: { GUARDRAILS_OUTPUT: "redact" } });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "What is it?");
  model.write(`Here: ${"long words ".repeat(20)}`);
  await t.telegram.nextDraft();
  for (const piece of ["4111 ", "1111 11", "11 1111", " is it. ", "and more ".repeat(20)]) {
    model.write(piece);
  }
  await t.telegram.nextDraft(({ text }) => text.includes("[redacted] is it."));
  model.finish();
  await t.telegram.nextSent(({ text }) => text.includes("[redacted] is it."));
  await t.idle();
  expect(t.telegram.drafts.filter(({ text }) => /\d/.test(text))).toEqual([]);
});

test("a growing answer shows no part of a secret of the runtime, however it comes in pieces, and a group none either", async () => {
  const model = createGrowingModel();
  const clock = createFastClock(5, systemClock.now());
  t = await openTestRuntime({ telegram: true, model, clock, env: { ADMIN_TOKEN: ADMIN } });
  const owner = await pairOwner(t);
  const group = t.telegram.group(-55, "Plans");
  const pieces = [
    "can",
    "ary-of-",
    "the-ad",
    "min-to",
    "ken-1",
    "234567890",
    ". So it is.",
    " Well.",
  ];
  for (const [chat, text] of [
    [owner.chat, "What is it?"],
    [group, "@runtime_bot what is it?"],
  ] as const) {
    t.telegram.say(chat, owner.user, text);
    model.write("It is known to me: ");
    for (const piece of pieces) {
      const shown = t.telegram.nextRequest(({ method }) => /Draft|edit|send/.test(method));
      model.write(piece);
      await shown;
    }
    model.finish();
    await t.until(() =>
      t.telegram.sent.at(-1)?.text.endsWith("So it is. Well.") ? true : undefined,
    );
  }
  await t.idle();
  const told = JSON.stringify(t.telegram.requests);
  expect(told).toContain("[redacted]");
  expect(told).not.toMatch(/canary-|admin-to|1234567/);
});

test("whatever the guardrails, no secret of the runtime is told to a model: not by a person, the past, or a file", async () => {
  const path = "scratch/note.md";
  const model = createScriptedModel(
    { text: "I see." },
    { callTool: "read_file", input: { path } },
    { text: "Read." },
  );
  t = await openTestRuntime({
    telegram: { token: TOKEN },
    model,
    env: { ADMIN_TOKEN: ADMIN },
  });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, `Is ${TOKEN} yours? Or ${encodeURIComponent(TOKEN)}?`);
  await t.telegram.nextSent(({ text }) => text === "I see.");
  const [workspace] = await t.rows("workspaces");
  const folder = join(t.dataDir, "workspaces", workspace?.id ?? "", "scratch");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "note.md"), `The key is ${ADMIN}, and a line more.`);
  t.telegram.say(owner.chat, owner.user, "Read my note.");
  await t.telegram.nextSent(({ text }) => text === "Read.");
  await t.idle();
  const told = toldTo(model);
  expect(told).toContain("and a line more");
  expect(told).toContain("Is [redacted] yours?");
  for (const secret of [BOT_SECRET, ADMIN]) expect(told).not.toContain(secret);
});
