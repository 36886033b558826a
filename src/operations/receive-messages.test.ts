import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import type { Decision } from "../core/effect/commit.ts";
import { contextByAddress, contextById } from "../store/queries/contexts.ts";
import { cursorById } from "../store/queries/cursors.ts";
import { jobsOfLane } from "../store/queries/jobs.ts";
import { messageById } from "../store/queries/messages.ts";
import { receiveMessages } from "./receive-messages.ts";
import { unlinkIdentity } from "./unlink-identity.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(async () => {
  await gateway.work();
  await gateway.close();
});

const cursor = (value: string) => ({ connector: "telegram", account: "900100", value }) as const;
/** Commits what was decided before something else was. */
const tooLate = ({ effects, seen }: Decision) =>
  gateway.store.commit({
    name: "receive-messages",
    actor: "system",
    cause: "x",
    now: gateway.clock.now(),
    effects,
    seen,
  });

describe("receiving a batch", () => {
  it("creates a new conversation once and keeps the order", async () => {
    const batch = ["one", "two", "three"].map((text) => gateway.aMessage({ text }));
    const options = { cursor: cursor("3"), firstId: "msg_first" };
    const { messages } = await gateway.commit("receive-messages", (deps) =>
      receiveMessages(deps, batch, options),
    );
    expect(messages[0]?.id).toBe("msg_first");
    const contextId = messages[0]?.contextId ?? "";
    expect(new Set(messages.map((one) => one.contextId))).toEqual(new Set([contextId]));
    const jobs = await gateway.store.all(jobsOfLane, { lane: `in:${contextId}` });
    expect(jobs.map(({ payload }) => JSON.parse(payload).messageId)).toEqual(
      messages.map(({ id }) => id),
    );
    expect(jobs.map((job) => job.cause)).toEqual(messages.map(({ id }) => id));
    expect((await gateway.store.first(cursorById, { id: "telegram:900100" }))?.value).toBe("3");
  });

  it("does nothing again for what was accepted before, and moves the cursor on", async () => {
    const [a, b] = [gateway.aMessage({ text: "a" }), gateway.aMessage({ text: "b" })];
    const first = await gateway.receive([a], { cursor: cursor("1") });
    const again = await gateway.receive([a, b, a, b], { cursor: cursor("2") });
    expect(again.messages.map(({ isRepeated }) => isRepeated)).toEqual([true, false, true, true]);
    expect(again.messages[0]?.id).toBe(first.messages[0]?.id);
    expect(again.messages[1]?.id).toBe(again.messages[3]?.id);
    const rows = await gateway.store.list((db) => db.selectFrom("messages").select("text"));
    expect(rows.map(({ text }) => text)).toEqual(["a", "b"]);
    expect((await gateway.store.first(cursorById, { id: "telegram:900100" }))?.value).toBe("2");
  });

  it("makes no conversation for what comes again under the id its chat had before", async () => {
    const message = gateway.aMessage(aGroup("-55"));
    const { messages } = await gateway.receive([message]);
    const notice = { ...aGroup("-10055"), externalMessageId: "-55:99", movedFrom: "-55" };
    await gateway.receive([
      gateway.aMessage({ ...notice, kind: "other", dropReason: "migration" }),
    ]);
    const again = await gateway.receive([message]);
    expect(again.messages).toEqual([{ ...messages[0], isRepeated: true }]);
    const places = await gateway.store.list((db) =>
      db.selectFrom("contexts").select("external_id"),
    );
    const groups = places.map(({ external_id: id }) => id).filter((id) => id.endsWith("55"));
    expect(groups).toEqual(["-10055"]);
  });

  it("leaves what comes again in its conversation, also when another has its address by now", async () => {
    await gateway.receive([gateway.aMessage(aGroup("-55"))]);
    gateway.clock.advance(1);
    // Said under the new id before we heard of the move.
    const early = gateway.aMessage(aGroup("-10055"));
    const { messages } = await gateway.receive([early]);
    const notice = { ...aGroup("-10055"), externalMessageId: "-55:99", movedFrom: "-55" };
    const moved = await gateway.receive([
      gateway.aMessage({ ...notice, kind: "other", dropReason: "migration" }),
    ]);
    expect(moved.messages[0]?.contextId).not.toBe(messages[0]?.contextId);
    const again = await gateway.receive([early]);
    expect(again.messages).toEqual([{ ...messages[0], isRepeated: true }]);
  });

  it("takes the same external id of another account for another message", async () => {
    const message = gateway.aMessage();
    const other = { ...message, address: { ...message.address, account: "900200" } };
    const { messages } = await gateway.receive([message, other]);
    expect(messages.map(({ isRepeated }) => isRepeated)).toEqual([false, false]);
    expect(messages[0]?.contextId).not.toBe(messages[1]?.contextId);
  });

  it("records a redelivery once although both were decided at the same moment", async () => {
    const message = gateway.aMessage();
    await Promise.all([gateway.receive([message]), gateway.receive([message])]);
    const rows = await gateway.store.list((db) => db.selectFrom("messages").select("id"));
    expect(rows).toHaveLength(1);
  });

  it("refuses a cursor that somebody else has moved", async () => {
    const stale = await receiveMessages(gateway.deps(), [], { cursor: cursor("1") });
    await gateway.receive([], { cursor: cursor("5") });
    expect(await tooLate(stale)).toEqual({ refused: "cursor_moved" });
  });

  it("puts a paired person's private chat into their workspace, a group and a stranger into their own", async () => {
    const { workspaceId } = await gateway.aPerson("member");
    const mine = await gateway.receive([gateway.aMessage()]);
    const team = await gateway.receive([gateway.aMessage(aGroup())]);
    const stranger = await gateway.receive([
      gateway.aMessage({
        address: { connector: "telegram", account: "900100", externalId: "8" },
        sender: { externalUserId: "8", displayName: "Bob" },
      }),
    ]);
    const workspaces = await Promise.all(
      [mine, team, stranger].map(async ({ messages }) => {
        const row = await gateway.store.first(contextById, { id: messages[0]?.contextId ?? "" });
        return row?.workspace_id;
      }),
    );
    expect(workspaces[0]).toBe(workspaceId);
    expect(new Set(workspaces).size).toBe(3);
  });

  it("decides again where a topic begins when its group was bound in the meantime", async () => {
    const groupId = (await gateway.receive([gateway.aMessage(aGroup())])).messages[0]?.contextId;
    const { workspaceId } = await gateway.aPerson("member", "8");
    const topic = (externalId: string) =>
      gateway.aMessage({
        ...aGroup(externalId),
        chat: { kind: "group", title: "T", part: { of: "-123", title: "Team" } },
      });
    const batches = [
      [topic("-123:5")],
      [gateway.aMessage(aGroup()), topic("-123:6"), topic("-123:7")],
    ];
    const early = [];
    for (const batch of batches) early.push(await receiveMessages(gateway.deps(), batch));
    const move = { type: "move-context", id: groupId ?? "", workspaceId } as const;
    await gateway.commit("bind", async () => ({ seen: [], effects: [move] }));
    for (const decision of early) expect(await tooLate(decision)).toBe("conflict");
    const { messages } = await gateway.receive(batches[1] ?? []);
    expect(messages).toHaveLength(3);
    for (const { contextId: id } of messages) {
      expect((await gateway.store.first(contextById, { id }))?.workspace_id).toBe(workspaceId);
    }
  });

  it("decides again where a private chat begins when its account was unlinked in the meantime", async () => {
    const { workspaceId, identityId } = await gateway.aPerson("admin");
    const message = gateway.aMessage();
    const early = await receiveMessages(gateway.deps(), [message]);
    await gateway.commit("unlink", (deps) =>
      unlinkIdentity(deps, gateway.ownerActor, { identity: identityId }),
    );
    expect(await tooLate(early)).toBe("conflict");
    const { messages } = await gateway.receive([message]);
    const row = await gateway.store.first(contextById, { id: messages[0]?.contextId ?? "" });
    expect(row?.workspace_id).not.toBe(workspaceId);
  });

  it("believes the key about who speaks, never the message", async () => {
    const { identityId } = await gateway.aPerson("member", "7");
    const codex = { connector: "codex", account: "k", externalId: "c" } as const;
    const claimed = await gateway.receive([gateway.aMessage({ address: codex })]);
    const given = await gateway.receive(
      [
        gateway.aMessage({
          address: codex,
          sender: { externalUserId: "admin-token", displayName: "x" },
        }),
      ],
      { identityId },
    );
    const rows = await Promise.all(
      [claimed, given].map(({ messages }) =>
        gateway.store.first(messageById, { id: messages[0]?.id ?? "" }),
      ),
    );
    expect(rows[0]).toMatchObject({ trust: "stranger", identity_id: null });
    expect(rows[1]).toMatchObject({ trust: "paired", identity_id: identityId });
  });

  it("stores what cannot be stored as something that can", async () => {
    const { messages } = await gateway.receive([
      gateway.aMessage({
        text: "a\u0000b\ud800",
        chat: { kind: "private", title: "\u0000" },
        sender: { externalUserId: "7", displayName: "A\u0000" },
      }),
    ]);
    const row = await gateway.store.first(messageById, { id: messages[0]?.id ?? "" });
    expect(row).toMatchObject({ text: "a\uFFFDb\uFFFD", sender_name: "A\uFFFD" });
    const context = await gateway.store.first(contextByAddress, {
      connector: "telegram",
      account: "900100",
      externalId: "7",
    });
    expect(context?.title).toBe("\uFFFD");
  });
});
