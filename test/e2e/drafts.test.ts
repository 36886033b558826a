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
  t.telegram.fault("sendMessageDraft", { kind: "slow", delayMs: 700 });
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
  const limits = { perChatPerSecond: 1, perSecond: 30 };
  const { model, owner } = await open({
    telegram: { limits },
    env: { TELEGRAM_MAX_PER_CHAT_PER_SECOND: "1", TELEGRAM_MAX_PER_SECOND: "30" },
  });
  t.telegram.say(owner.chat, owner.user, "Tell me a lot.");
  for (const part of ["one", "two", "three", "four"]) {
    model.write(`${part} ${"word ".repeat(500)}\n\n`);
    await t.telegram.nextDraft(({ text }) => text.includes(part));
  }
  model.finish();
  await t.telegram.nextSent(({ text }) => text.includes("four"));
  expect(t.telegram.flood.refused).toBe(0);
});

test("a group sees none of these drafts, and of a quick answer none at all", async () => {
  const { model, owner } = await open();
  const group = t.telegram.group(-55, "Plans");
  t.telegram.say(group, owner.user, "@runtime_bot tell us");
  model.write("Once upon ");
  await t.telegram.nextRequest(({ method }) => method === "sendChatAction");
  model.finish();
  await t.telegram.nextSent(({ text }) => text === "Once upon");
  expect(t.telegram.drafts).toEqual([]);
});
