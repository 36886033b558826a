import { afterEach, beforeEach, expect, test } from "vitest";
import { type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import { cursorById } from "../store/queries/cursors.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(async () => {
  await gateway.work();
  await gateway.close();
});

const cursor = (value: string) =>
  ({ cursor: { connector: "telegram", account: "900100", value } }) as const;
const cursorValue = async () =>
  (await gateway.store.first(cursorById, { id: "telegram:900100" }))?.value;
const texts = async () =>
  (await gateway.store.list((db) => db.selectFrom("messages").select("text").orderBy("seq"))).map(
    ({ text }) => text,
  );

/** What no connector makes. */
const broken = () => gateway.aMessage({ text: 7 as never });
const unrecordable = () => gateway.aMessage({ chat: undefined as never });

test("a message that cannot be received holds up what comes after it for a while, not for good", async () => {
  const bad = broken();
  const batch = [gateway.aMessage({ text: "a" }), bad, gateway.aMessage({ text: "b" })];
  for (let failed = 1; failed < 5; failed += 1) {
    await expect(gateway.receive(batch, cursor("1"))).rejects.toThrow();
    expect(await texts()).toEqual(["a"]);
  }
  const { messages } = await gateway.receive(batch, cursor("1"));
  expect(messages.map(({ isRepeated }) => isRepeated)).toEqual([true, false, false]);
  expect([await texts(), await cursorValue()]).toEqual([["a", "", "b"], "1"]);
  await gateway.work();
  const { message } = await gateway.handled(messages[1]?.id ?? "");
  expect(message).toMatchObject({
    outcome: "dropped",
    reason: "not_received",
    external_message_id: bad.externalMessageId,
  });
  expect(gateway.logged.map((one) => one.message)).toContainEqual(
    "a message cannot be received; it is left out",
  );
});

test("what cannot even be recorded is logged, and what comes after it is received", async () => {
  const batch = [unrecordable(), gateway.aMessage({ text: "b" })];
  for (let failed = 1; failed < 5; failed += 1) {
    await expect(gateway.receive(batch, cursor("1"))).rejects.toThrow();
  }
  await gateway.receive(batch, cursor("1"));
  expect([await texts(), await cursorValue()]).toEqual([["b"], "1"]);
  const { externalMessageId } = batch[0] ?? {};
  expect(gateway.logged.at(-1)).toMatchObject({
    message: "a message that is left out cannot be recorded either",
    fields: { connector: "telegram", externalMessageId },
  });
});

test("a disk that is full gives up no words, however often they are tried and whatever little still fits", async () => {
  const pragma = (text: string) =>
    gateway.store.transact(async ({ database }) => database.pragma(text, { simple: true }));
  await gateway.receive([gateway.aMessage({ text: "a" })], cursor("1"));
  const pages = await pragma("page_count");
  await pragma(`max_page_count = ${pages}`);
  const batch = [gateway.aMessage({ text: "b".repeat(20_000) })];
  for (let failed = 1; failed <= 8; failed += 1) {
    await expect(gateway.receive(batch, cursor("2"))).rejects.toMatchObject({
      code: "unavailable",
    });
  }
  expect([await texts(), await cursorValue()]).toEqual([["a"], "1"]);
  await pragma("max_page_count = 1000000");
  await gateway.receive(batch, cursor("2"));
  expect([(await texts())[1]?.length, await cursorValue()]).toEqual([20_000, "2"]);
});
