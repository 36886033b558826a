import { afterEach, expect, test } from "vitest";
import { createGrowingModel } from "../support/growing-model.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner } from "../support/pair-people.ts";

let t: TestRuntime;
afterEach(() => t.close());

async function open(options: Parameters<typeof openTestRuntime>[0] = {}) {
  const model = createGrowingModel();
  t = await openTestRuntime({ telegram: true, model, ...options });
  const owner = await pairOwner(t);
  return { model, owner };
}

test("an answer grows in the private chat it is for, its whole is one message, and no draft comes after it", async () => {
  const { model, owner } = await open();
  t.telegram.say(owner.chat, owner.user, "How do I greet?");
  model.write("Like this:\n\n```js\nconst a = 1 < 2;\n");
  const first = await t.telegram.nextDraft();
  expect(first).toMatchObject({ chatId: owner.chat.id, text: "Like this:\n\nconst a = 1 < 2;" });
  model.write("greet();\n");
  const second = await t.telegram.nextDraft();
  expect(second).toMatchObject({ id: first.id, text: "Like this:\n\nconst a = 1 < 2;\ngreet();" });
  // The last draft is slow, and the answer waits for it.
  t.telegram.fault("sendMessageDraft", { kind: "slow", delayMs: 300 });
  model.write("```\n\nThat is all.");
  await t.telegram.nextRequest(
    ({ method, values }) =>
      method === "sendMessageDraft" && String(values["text"]).includes("That is all"),
  );
  model.finish();
  const answer = await t.telegram.nextSent(({ text }) => text.startsWith("Like this"));
  expect(answer.text).toBe("Like this:\n\nconst a = 1 < 2;\ngreet();\n\nThat is all.");
  await t.idle();
  expect(t.telegram.openDrafts.size).toBe(0);
  expect(t.telegram.drafts).toHaveLength(3);
  expect(t.telegram.sent.filter(({ text }) => text.startsWith("Like this"))).toHaveLength(1);
});

test("a stopped answer shows no draft after it was stopped", async () => {
  const { model, owner } = await open();
  t.telegram.say(owner.chat, owner.user, "Tell me everything.");
  model.write("In the beginning ");
  await t.telegram.nextDraft();
  t.telegram.say(owner.chat, owner.user, "stop");
  await t.telegram.nextSent(({ text }) => text === "Stopped.");
  await t.idle();
  const { length } = t.telegram.drafts;
  t.telegram.say(owner.chat, owner.user, "/status");
  await t.telegram.nextSent(({ text }) => text.startsWith("Running here"));
  expect(t.telegram.drafts).toHaveLength(length);
  expect(t.telegram.openDrafts.size).toBe(0);
});

test("where drafts are not known the answer comes all the same, and nobody asks again", async () => {
  const { model, owner } = await open();
  t.telegram.fault("sendMessageDraft", {
    kind: "refuse",
    status: 404,
    description: "Not Found: method not found",
  });
  const drafts = () => t.telegram.requests.filter(({ method }) => method === "sendMessageDraft");
  for (const question of ["one", "two"]) {
    t.telegram.say(owner.chat, owner.user, question);
    model.write(`Answer ${question} `);
    await t.telegram.nextRequest(({ method }) => method === "sendChatAction");
    if (question === "one") await t.until(() => (drafts().length > 0 ? true : undefined));
    model.finish();
    await t.telegram.nextSent(({ text }) => text === `Answer ${question}`);
  }
  expect(drafts()).toHaveLength(1);
});

test("drafts keep the pace of the chat together with the replies", async () => {
  const { model, owner } = await open({
    env: { TELEGRAM_MAX_PER_CHAT_PER_SECOND: "1", TELEGRAM_MAX_PER_SECOND: "30" },
  });
  const saidMs = performance.now();
  for (let n = 0; n < 5; n += 1) t.telegram.say(owner.chat, owner.user, "/help");
  for (let n = 0; n < 5; n += 1) await t.telegram.nextSent();
  t.telegram.say(owner.chat, owner.user, "Tell me a lot.");
  model.write("Once upon ");
  await t.telegram.nextDraft();
  // Five replies at once leave nothing to spare for four seconds.
  expect(performance.now() - saidMs).toBeGreaterThan(3_980);
  model.finish();
  await t.telegram.nextSent(({ text }) => text === "Once upon");
});

test("a group sees none of these drafts, and of a quick answer none at all", async () => {
  const { model, owner } = await open();
  const group = t.telegram.group(-55, "Plans");
  model.write("Once upon ");
  model.finish();
  t.telegram.say(group, owner.user, "@runtime_bot tell us");
  await t.telegram.nextSent(({ text }) => text === "Once upon");
  t.telegram.say(group, owner.user, "@runtime_bot go on");
  model.write("a time ");
  await t.telegram.nextSent(({ text }) => text.startsWith("a time\n"));
  model.finish();
  await t.telegram.nextEdited(({ text }) => text === "a time");
  expect(t.telegram.drafts).toEqual([]);
});
