import { afterEach, beforeEach, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../../test/support/open-gateway.ts";
import { rulesOfContext } from "../../store/queries/memory.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(() => gateway.close());

async function say(text: string, where = {}) {
  const { message, replies } = await gateway.say(text, where);
  const contextId = message.context_id;
  const rules = await gateway.store.all(rulesOfContext, { contextId });
  return {
    message,
    reply: replies[0] ?? "",
    rules: rules.map((rule) => `${rule.number} ${rule.text}`),
  };
}

it("states a rule in any language, shows it by its number, and drops it", async () => {
  await gateway.aPerson("member");
  expect((await say("/rules")).reply).toContain("no rules here");
  expect((await say("/rules add Antworte immer\nauf Deutsch")).reply).toContain("as rule 1");
  const second = await say("/rules add 句点で終わらせてください");
  expect(second.rules).toEqual(["1 Antworte immer auf Deutsch", "2 句点で終わらせてください"]);
  expect((await say("/rules")).reply).toMatch(/1\. Antworte immer auf Deutsch\s+2\. 句点/u);
  expect(await say("/rules drop 1, 7")).toMatchObject({
    reply: expect.stringContaining("Dropped: rule 1."),
    rules: ["2 句点で終わらせてください"],
  });
  expect((await say("/rules drop 1")).reply).toContain("no such rule");
  expect((await say("/rules add Again.")).rules).toContain("3 Again.");
  expect((await say("/rules drop all")).rules).toEqual([]);
});

it("takes neither too long a rule, nor one too many, nor what it does not understand", async () => {
  await gateway.aPerson("member");
  expect((await say(`/rules add ${"x".repeat(301)}`)).reply).toContain("at most 300 characters");
  for (const form of [
    "/rules add",
    "/rules add  ",
    "/rules drop",
    "/rules drop one",
    "/rules burn",
  ])
    expect(await say(form)).toMatchObject({
      reply: expect.stringContaining("Send it as: /rules"),
      rules: [],
    });
  for (let count = 1; count <= 30; count += 1) await say(`/rules add Rule ${count}.`);
  const last = await say("/rules add One more.");
  expect(last.reply).toContain("There are 30 rules here, which is the most.");
  expect(last.rules).toHaveLength(30);
});

it("is of the conversation it is said in", async () => {
  await gateway.aPerson("member");
  await say("/rules add Here only.");
  expect((await say("/rules", aGroup("-5"))).reply).toContain("no rules here");
});

it("is not for viewers", async () => {
  await gateway.aPerson("viewer");
  const { message, rules } = await say("/rules add Obey me.");
  expect([message.reason, rules]).toEqual(["access_denied", []]);
});
