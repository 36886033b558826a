import { afterEach, beforeEach, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import { openTriagedGroup } from "../../test/support/open-triaged-group.ts";
import type { InboundMessage } from "../core/message/inbound-message.ts";
import { MOST_PARTS } from "../operations/parts-of-album.ts";
import { filesOfMessages } from "../store/queries/files.ts";
import { personByIdentityId } from "../store/queries/people.ts";

let gateway: Gateway;
let count: number;
beforeEach(async () => {
  gateway = await openGateway();
  count = 0;
  await gateway.aPerson("member");
});
afterEach(() => gateway.close());

/** A part of an album that somebody shows the group, or with `addressed` us. */
function aPart(text = "", more: Partial<InboundMessage> = {}): InboundMessage {
  count += 1;
  return gateway.aMessage({
    ...aGroup(),
    externalMessageId: `-123:${count}`,
    text,
    addressed: false,
    albumId: "album",
    files: [{ kind: "photo", sourceId: `${count}`, name: `${count}.jpg`, sizeBytes: 3 }],
    ...more,
  });
}

async function receive(...batch: readonly InboundMessage[]): Promise<readonly string[]> {
  const { messages } = await gateway.receive(batch);
  await gateway.work();
  return messages.map(({ id }) => id);
}

async function pass(ms: number): Promise<void> {
  gateway.clock.advance(ms);
  await gateway.work();
}

const read = async (id = "") => (await gateway.handled(id)).message;
const filesOf = async (ids: readonly string[]) =>
  (await filesOfMessages(gateway.store, ids)).map(({ name }) => name);

it("what comes before the part with the words in the same batch belongs to it at once", async () => {
  const ids = await receive(aPart(), aPart("compare these", { addressed: true }));
  const [first, second] = [await read(ids[0]), await read(ids[1])];
  expect(first).toMatchObject({ outcome: "pending", rule: "conversation" });
  expect(second).toMatchObject({ outcome: "pending", rule: "album", run_id: first.run_id });
  expect(await filesOf(ids)).toEqual(["1.jpg", "2.jpg"]);
});

it("the part with the words may come within a second, and nothing is decided before", async () => {
  const [first = ""] = await receive(aPart());
  await pass(600);
  expect(await read(first)).toMatchObject({ outcome: "pending", rule: null });
  const [second = ""] = await receive(aPart("compare these", { addressed: true }));
  await pass(400);
  expect(await read(first)).toMatchObject({ outcome: "pending", rule: "conversation" });
  expect(await read(second)).toMatchObject({ outcome: "pending", rule: "album" });
  expect(await filesOf([first, second])).toEqual(["1.jpg", "2.jpg"]);
});

it("nothing is kept when no part is meant for us, nor is the group held up longer than that second", async () => {
  const album = await receive(aPart("for you all"), aPart());
  const [asked = ""] = await receive(aPart("hello", { addressed: true, albumId: "another" }));
  await pass(999);
  expect(await read(asked)).toMatchObject({ rule: null });
  await pass(1);
  for (const id of album) {
    const row = await read(id);
    expect(row).toMatchObject({ outcome: "dropped", reason: "not_addressed", text: "" });
    expect(row.payload).toBeNull();
  }
  expect(await read(asked)).toMatchObject({ rule: "conversation" });
  expect(await filesOf(album)).toEqual([]);
});

it.each<[string, Partial<InboundMessage>]>([
  ["somebody else", { sender: { externalUserId: "99", displayName: "Eve" } }],
  ["another album", { albumId: "another" }],
  ["another, forwarded", { addressed: false, text: "/task wipe it", isQuoted: true }],
  ["an edit", { kind: "edit", editOf: "-123:9" }],
])("the words of %s make no album ours", async (_whose, more) => {
  const [first = ""] = await receive(aPart(), aPart("compare", { addressed: true, ...more }));
  await pass(1_000);
  expect(await read(first)).toMatchObject({ outcome: "dropped", reason: "not_addressed" });
});

it("nobody is waited for who may not talk to us, or has to say nothing to be heard", async () => {
  const sender = { externalUserId: "99", displayName: "Eve" };
  const [stranger = ""] = await receive(aPart("", { sender }));
  expect(await read(stranger)).toMatchObject({ reason: "not_paired", text: "" });
  const [alone = ""] = await receive(
    gateway.aMessage({ ...aGroup(), externalMessageId: "-123:99", addressed: false }),
  );
  expect(await read(alone)).toMatchObject({ reason: "not_addressed" });
});

it.each([
  ["/help", "answered"],
  ["/approve ABC", "answered"],
  ["stop", "answered"],
])("no turn begins for an album whose words are the order %s", async (text, outcome) => {
  const ids = await receive(aPart(), aPart(text, { addressed: text === "stop" }), aPart());
  await pass(1_000);
  const rows = await Promise.all(ids.map(read));
  expect(rows.map((row) => row.outcome)).toEqual(["dropped", outcome, "dropped"]);
  expect(rows.map(({ run_id }) => run_id)).toEqual([null, null, null]);
  expect(await gateway.store.list((db) => db.selectFrom("runs").select("id"))).toEqual([]);
  expect(await filesOf(ids)).toEqual([]);
});

it.each([true, false])(
  "the whole album goes to the task of its caption: in one batch %s",
  async (isOne) => {
    const parts = [aPart(), aPart(), aPart("/task sort them"), aPart()];
    const ids = isOne ? [...(await receive(...parts))] : [];
    for (const part of isOne ? [] : parts) ids.push(...(await receive(part)));
    await pass(1_000);
    const rows = await Promise.all(ids.map(read));
    expect(rows.map(({ outcome }) => outcome)).toEqual(Array(4).fill("task"));
    expect(new Set(rows.map(({ task_id: id }) => id)).size).toBe(1);
    expect((await filesOf(ids)).toSorted()).toEqual(["1.jpg", "2.jpg", "3.jpg", "4.jpg"]);
    expect(await gateway.store.list((db) => db.selectFrom("runs").select("id"))).toEqual([]);
  },
);

it("the caption of an album may be an order in a private chat too", async () => {
  const mine = { ...gateway.aMessage(), addressed: true };
  const { address, chat } = mine;
  const more = { address, chat, addressed: true };
  const ids = await receive(aPart("", more), aPart("/task sort them", more));
  const rows = await Promise.all(ids.map(read));
  expect(rows.map(({ outcome }) => outcome)).toEqual(["task", "task"]);
});

it("two orders of one album are carried out as they were sent", async () => {
  await receive(aPart("/task one"), aPart("/task two"));
  const tasks = await gateway.store.list((db) =>
    db.selectFrom("tasks").select("title").orderBy("seq"),
  );
  expect(tasks.map(({ title }) => title)).toEqual(["one", "two"]);
});

it("two albums at once are two turns", async () => {
  const [A, B] = [{ albumId: "A" }, { albumId: "B" }];
  const ids = await receive(
    aPart("", A),
    aPart("", B),
    aPart("look at A", { ...A, addressed: true }),
    aPart("look at B", { ...B, addressed: true }),
    aPart("", A),
  );
  const runs = (await Promise.all(ids.map(read))).map(({ run_id: id }) => id);
  const [a, b] = runs;
  expect(a).not.toBe(b);
  expect(runs).toEqual([a, b, a, b, a]);
});

it("a question that was asked since is not overtaken by the album before it", async () => {
  const ids = await receive(
    aPart("look", { addressed: true }),
    gateway.aMessage({ ...aGroup(), externalMessageId: "-123:98", text: "and this?" }),
    aPart(),
  );
  const [first, asked, last] = (await Promise.all(ids.map(read))).map(({ run_id: id }) => id);
  expect(new Set([first, asked, last]).size).toBe(3);
});

it("its parts are found whatever was said in between", async () => {
  const [first] = await receive(aPart("look", { addressed: true }));
  const eve = { sender: { externalUserId: "99", displayName: "Eve" } };
  const between = Array.from({ length: 30 }, (_, n) =>
    gateway.aMessage({ ...aGroup(), ...eve, externalMessageId: `-123:x${n}`, addressed: false }),
  );
  await receive(...between);
  const [second] = await receive(aPart());
  const run = (await read(first)).run_id;
  expect(await read(second)).toMatchObject({ rule: "album", run_id: run });
});

it("nobody is waited for who may only look", async () => {
  await gateway.aPerson("viewer", "8");
  const [part] = await receive(aPart("", { sender: { externalUserId: "8", displayName: "Vic" } }));
  expect(await read(part)).toMatchObject({ reason: "not_addressed" });
});

it("nobody is waited for by a clock that was set back", async () => {
  const [part] = await receive(aPart());
  await pass(-3_600_000);
  expect(await read(part)).toMatchObject({ reason: "not_addressed" });
});

it("where all that is said is for us, no part waits for another", async () => {
  await gateway.close();
  gateway = await openGateway({ modelRules: { requireMentionInGroups: false } });
  await gateway.aPerson("member");
  const [part] = await receive(aPart());
  expect(await read(part)).toMatchObject({ rule: "conversation" });
});

it("somebody who is another person by now joins no album of who they were", async () => {
  const [first] = await receive(aPart("look", { addressed: true }));
  const { identity_id: id } = await read(first);
  const { user_id: userId = "" } =
    (await gateway.store.first(personByIdentityId, { id: id ?? "" })) ?? {};
  await gateway.commit("test", async () => ({
    seen: [],
    effects: [{ type: "unlink-identity", id: id ?? "", userId, fromVersion: 1 }],
  }));
  await gateway.aPerson("member");
  const [second] = await receive(aPart("", { addressed: true }));
  expect(await read(second)).toMatchObject({ rule: "conversation" });
});

it("a report takes the parts of its own sender's album, and no more than an album has", async () => {
  await gateway.close();
  const group = await openTriagedGroup();
  gateway = group;
  const eve = { sender: { externalUserId: "99", displayName: "Eve" } };
  const mallory = { sender: { externalUserId: "98", displayName: "Mallory" } };
  const [first] = await receive(aPart("The door is broken", eve));
  const [theirs] = await receive(aPart("", mallory));
  expect(await read(theirs)).toMatchObject({ outcome: "dropped", task_id: null });
  const ids = await receive(...Array.from({ length: MOST_PARTS }, () => aPart("", eve)));
  const { task_id: task } = await read(first);
  const tasks = (await Promise.all(ids.map(read))).map((row) => row.task_id);
  expect(tasks).toEqual([...Array(MOST_PARTS - 1).fill(task), null]);
});
