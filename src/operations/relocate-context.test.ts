import { afterEach, beforeEach, expect, test } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import type { InboundMessage } from "../core/message/inbound-message.ts";
import { contextById } from "../store/queries/contexts.ts";
import { relocateContext } from "./relocate-context.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(async () => {
  await gateway.work();
  await gateway.close();
});

const said = (externalId: string) => gateway.aMessage(aGroup(externalId));
const told = (movedFrom: string, to: string): InboundMessage =>
  gateway.aMessage({ ...aGroup(to), movedFrom, kind: "other", dropReason: "migration" });
/** The conversations that a batch belongs to, in its order. */
const heardIn = async (...batch: readonly InboundMessage[]) =>
  (await gateway.receive(batch)).messages.map(({ contextId }) => contextId);
/** As a connector does that was told so by the answer to a reply. */
const move = (from: string, to: string) =>
  gateway.commit("move-chat", async ({ store }) => {
    const where = { connector: "telegram", account: "900100", from, to } as const;
    return { effects: (await relocateContext(store, where)).effects, seen: [] };
  });
async function placeOf(id: string | undefined): Promise<string | undefined> {
  return (await gateway.store.first(contextById, { id: id ?? "" }))?.external_id;
}

test("what comes late belongs to the conversation that went on, also after a second move", async () => {
  const [group] = await heardIn(said("-55"));
  expect(await heardIn(told("-55", "-10055"), said("-55"))).toEqual([group, group]);
  await move("-10055", "-10066");
  expect(await heardIn(said("-55"), said("-10055"), said("-10066"))).toEqual([group, group, group]);
  expect(await placeOf(group)).toBe("-10066");
});

test("a move that is told again, back or from the first id changes nothing more", async () => {
  const [group] = await heardIn(said("-55"));
  await move("-55", "-10055");
  for (const [from, to] of [
    ["-55", "-10055"],
    ["-10055", "-55"],
  ] as const) {
    await move(from, to);
    expect(await heardIn(told(from, to))).toEqual([group]);
    expect(await placeOf(group)).toBe("-10055");
  }
  await move("-55", "-10066");
  expect(await placeOf(group)).toBe("-10066");
  expect(await heardIn(said("-55"), said("-10055"))).toEqual([group, group]);
});

test("what was said under the new id before steps aside, and hears nothing more", async () => {
  const [group] = await heardIn(said("-55"));
  gateway.clock.advance(1);
  const [early] = await heardIn(said("-10055"));
  expect(early).not.toBe(group);
  await heardIn(told("-55", "-10055"));
  expect([await placeOf(group), await placeOf(early)]).toEqual(["-10055", "-55"]);
  expect(await heardIn(said("-55"), said("-10055"))).toEqual([group, group]);
  await move("-55", "-10055");
  expect([await placeOf(group), await placeOf(early)]).toEqual(["-10055", "-55"]);
});

test.each([
  ["in one batch", true],
  ["in several", false],
])("a group where nobody spoke before it moved is one conversation, %s", async (_how, isOne) => {
  const batch = [told("-55", "-10055"), said("-55"), told("-55", "-10055"), said("-10055")];
  const heard: string[] = [];
  for (const part of isOne ? [batch] : batch.map((one) => [one])) {
    heard.push(...(await heardIn(...part)));
  }
  expect(heard).toHaveLength(4);
  expect(new Set(heard).size).toBe(1);
});

test("what is said in a group, its move and its first topic may come in one batch", async () => {
  const part = { of: "-10055", title: "Team" };
  const topic = { ...said("-10055:7"), chat: { kind: "group", title: "Team / T", part } } as const;
  const [group, notice, garden] = await heardIn(said("-55"), told("-55", "-10055"), topic);
  expect(notice).toBe(group);
  const workspaces = await Promise.all(
    [group, garden].map(async (id) => {
      return (await gateway.store.first(contextById, { id: id ?? "" }))?.workspace_id;
    }),
  );
  expect(new Set(workspaces).size).toBe(1);
});

test("the topics of a group go with it", async () => {
  const [group, topic, other] = await heardIn(said("-55"), said("-55:7"), said("-551:7"));
  await heardIn(told("-55", "-10055"));
  expect(await placeOf(topic)).toBe("-10055:7");
  expect(await placeOf(other)).toBe("-551:7");
  expect(await heardIn(said("-55:7"), said("-10055:7"), said("-55"))).toEqual([
    topic,
    topic,
    group,
  ]);
});

const topicOf = (of: string): InboundMessage =>
  gateway.aMessage({
    ...aGroup(`${of}:3`),
    chat: { kind: "group", title: "Team / T", part: { of, title: "Team" } },
  });

test.each([
  ["before", true],
  ["only in the same batch", false],
])("a topic of both ids, the new one's heard %s, is one in the end", async (_when, isBefore) => {
  const [early] = isBefore ? await heardIn(topicOf("-10055")) : [];
  gateway.clock.advance(1);
  const [old] = await heardIn(topicOf("-55"));
  gateway.clock.advance(1);
  await heardIn(topicOf("-10055"), told("-55", "-10055"), topicOf("-55"));
  const [one, other] = await heardIn(topicOf("-55"), topicOf("-10055"));
  expect(one).toBe(early ?? old);
  expect(other).toBe(one);
});

test.each([
  ["when nobody spoke under the new id", false],
  ["when the conversation under the new id is older", true],
])(
  "a topic first heard under the old id belongs to where the group went, %s",
  async (_when, isOlder) => {
    if (isOlder) await heardIn(said("-10055"));
    gateway.clock.advance(1);
    await heardIn(said("-55"), told("-55", "-10055"));
    const [late, again] = await heardIn(topicOf("-55"), topicOf("-55"));
    expect(await placeOf(late)).toBe("-10055:3");
    expect(again).toBe(late);
    expect(await heardIn(topicOf("-10055"), topicOf("-55"))).toEqual([late, late]);
  },
);

test("topics stay where their group is when an older move is told again, or the way back", async () => {
  await heardIn(said("-55"), told("-55", "-10055"));
  const [topic] = await heardIn(topicOf("-10055"));
  await move("-10055", "-55");
  expect(await placeOf(topic)).toBe("-10055:3");
  await move("-10055", "-10066");
  await move("-55", "-10055");
  expect(await placeOf(topic)).toBe("-10066:3");
});

test("a topic that was known under two ids goes on as one when its group moves from the first id again", async () => {
  await heardIn(said("-55"), said("-10055"));
  const [topic] = await heardIn(topicOf("-55"));
  gateway.clock.advance(1);
  await heardIn(topicOf("-10055"), told("-55", "-10055"));
  await move("-55", "-10066");
  expect(await heardIn(...["-55", "-10055", "-10066"].map(topicOf))).toEqual([topic, topic, topic]);
  expect(await placeOf(topic)).toBe("-10066:3");
});
