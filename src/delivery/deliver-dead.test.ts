import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  aContext,
  type OpenDelivery,
  openDelivery,
  SENT,
} from "../../test/support/open-delivery.ts";
import type { SendResult } from "../core/delivery/outbound-part.ts";
import type { Effect } from "../core/effect/effect.ts";
import type { Address, Trust } from "../core/message/inbound-message.ts";
import { doc, p } from "../core/rich-text/build.ts";
import { toPlainText } from "../core/rich-text/to-plain-text.ts";
import { listDeliveries, recentDeliveriesOfContext } from "../store/queries/deliveries.ts";
import { countOpenDeliveries } from "../store/queries/ledger.ts";

const A = "a".repeat(4_000);
const B = "b".repeat(4_000);
const C = "c".repeat(4_000);
const THREE = doc(p(A), p(B), p(C));

let d: OpenDelivery;
beforeEach(async () => {
  d = await openDelivery();
});
afterEach(() => d.close());

function aMessage(id: string, address: Address, trust: Trust): Effect {
  return {
    type: "record-message",
    id,
    contextId: "ctx_chat",
    address,
    externalMessageId: id,
    kind: "message",
    senderExternalId: "1001",
    senderName: "Ada",
    identityId: null,
    text: "/help",
    addressed: true,
    replyToExternalId: null,
    editOf: null,
    payload: null,
    trust,
    sentAtMs: d.clock.now(),
    receivedAtMs: d.clock.now(),
    rememberUntilMs: d.clock.now() + 1,
    job: {
      id: `job_${id}`,
      kind: "handle-message",
      payload: { messageId: id },
      lane: "in",
      priority: 0,
      runAtMs: d.clock.now(),
    },
  };
}

describe("what is dead", () => {
  const BLOCKED: SendResult = { kind: "rejected", error: "bot was blocked by the user" };

  beforeEach(() =>
    d.commit([
      { type: "create-workspace", id: "ws_owner", name: "Owner", ownerUserId: null },
      {
        type: "create-user",
        id: "usr_1",
        displayName: "Owner",
        role: "overlord",
        workspaceId: "ws_owner",
      },
      aContext("ctx_page", "ws_owner", { connector: "web", account: "page", externalId: "usr_1" }),
    ]),
  );
  const notices = async () =>
    (await d.store.all(recentDeliveriesOfContext, { contextId: "ctx_page", limit: 10 })).map(
      (notice) => ({
        state: notice.state,
        message_id: notice.message_id,
        text: toPlainText(JSON.parse(notice.body)),
      }),
    );

  test("takes its later parts with it, stays as a dead letter, and is told to the owner on the page", async () => {
    const { id, jobId } = await d.queue(THREE);
    d.answers.push(SENT, BLOCKED);
    await d.run();
    expect(d.sends).toHaveLength(2);
    expect(await d.row(id)).toMatchObject({
      state: "dead",
      parts_sent: 1,
      error: "bot was blocked by the user",
    });
    expect(await d.job(jobId)).toMatchObject({
      state: "dead",
      last_error: "bot was blocked by the user",
    });
    const dead = await listDeliveries(d.store, { workspaceId: undefined, state: "dead", limit: 5 });
    expect(dead.map((delivery) => delivery.id)).toEqual([id]);
    expect(await notices()).toEqual([
      {
        state: "sent",
        message_id: null,
        text: `I could not deliver a reply to Ada (1001) on telegram: bot was blocked by the user. To send it again: agent-runtime deliveries replay ${id}`,
      },
    ]);
  });

  test("is told in the admin contexts over it, and what was told there only on the page", async () => {
    const place = { connector: "telegram", account: "77", externalId: "-9" } as const;
    await d.commit([
      { ...aContext("ctx_admins", "ws_chat", place), kind: "group" },
      {
        type: "change-context",
        id: "ctx_admins",
        fromVersion: 1,
        workspaceId: "ws_chat",
        supervision: { of: "workspace", userId: "usr_1" },
        prompt: null,
        addressing: null,
        isTriaged: false,
      },
    ]);
    await d.queue(doc(p("x")), undefined, { taskId: "task_1" });
    d.answers.push(BLOCKED, BLOCKED);
    await d.run();
    const told = () =>
      d.store.all(recentDeliveriesOfContext, { contextId: "ctx_admins", limit: 9 });
    expect((await told()).map(({ state }) => state)).toEqual(["pending"]);
    expect(await notices()).toHaveLength(1);
    await d.run();
    expect((await told()).map(({ state }) => state)).toEqual(["dead"]);
    expect(await notices()).toHaveLength(2);
    await expect(d.run()).rejects.toThrow("nothing to do");
  });

  test.each([
    ["stranger", [1, 1, 2]],
    ["paired", [1, 2, 3]],
  ] as const)(
    "in reply to somebody %s is told %j times, an hour later again",
    async (trust, told) => {
      const address = { connector: "telegram", account: "77", externalId: "1001" } as const;
      const number: number[] = [];
      for (const waitMs of [0, 3_599_999, 1]) {
        d.clock.advance(waitMs);
        const messageId = `msg_${d.clock.now()}`;
        await d.commit([aMessage(messageId, address, trust)]);
        const { id } = await d.queue(doc(p("x")), undefined, { messageId });
        d.answers.push(BLOCKED);
        await d.run();
        expect(await d.row(id)).toMatchObject({ state: "dead" });
        number.push((await notices()).length);
      }
      expect(number).toEqual(told);
    },
  );

  test("is told with the name of the chat as code, in which nothing can be tapped", async () => {
    await d.queue(doc(p("x")));
    d.answers.push(BLOCKED);
    await d.run();
    const [notice] = await d.store.all(recentDeliveriesOfContext, {
      contextId: "ctx_page",
      limit: 1,
    });
    expect(JSON.parse(notice?.body ?? "")[0].inlines[1]).toEqual({
      type: "code",
      code: "Ada (1001)",
    });
  });

  test("goes on where it stopped when it is replayed", async () => {
    const { id, jobId } = await d.queue(THREE);
    d.answers.push(SENT, BLOCKED);
    await d.run();
    await d.commit([{ type: "replay-job", jobId, lane: "out:ctx_chat" }]);
    await d.run();
    expect(d.texts().slice(2)).toEqual([B, C]);
    expect(await d.row(id)).toMatchObject({ state: "sent", parts_sent: 3, marked: 0 });
  });

  test("includes what no channel can take, and says which is missing", async () => {
    const address = {
      id: "ctx_mail",
      connector: "email",
      account: "page",
      external_id: "a@b.c",
    } as const;
    await d.commit([
      aContext("ctx_mail", "ws_chat", { connector: "email", account: "page", externalId: "a@b.c" }),
    ]);
    const { id, jobId } = await d.queue(doc(p("x")), address);
    await d.run();
    expect(await d.row(id)).toMatchObject({
      state: "dead",
      error: "no email channel is connected",
    });
    expect(await d.job(jobId)).toMatchObject({ state: "dead" });
    expect(await notices()).toHaveLength(1);
  });

  test("includes what another bot promised", async () => {
    const address = {
      id: "ctx_old",
      connector: "telegram",
      account: "76",
      external_id: "1001",
    } as const;
    await d.commit([
      aContext("ctx_old", "ws_chat", { connector: "telegram", account: "76", externalId: "1001" }),
    ]);
    const { id } = await d.queue(doc(p("x")), address);
    await d.run();
    expect(d.texts()).toEqual([]);
    expect(await d.row(id)).toMatchObject({
      state: "dead",
      error: "telegram is connected as 77, and this belongs to 76",
    });
  });

  test("is counted apart", async () => {
    await d.queue(doc(p("x")));
    d.answers.push(BLOCKED);
    await d.run();
    expect(await d.store.all(countOpenDeliveries, {})).toEqual([{ state: "dead", count: 1 }]);
  });
});

describe("what was given up", () => {
  /** A dropped delivery whose job is still there: nothing makes one, and even then nobody may get it. */
  async function aDroppedOne() {
    const { id, jobId } = await d.queue(doc(p("x")));
    d.answers.push({ kind: "rejected", error: "blocked" });
    await d.run();
    await d.commit([
      { type: "drop-delivery", id, droppedBy: "idn_1", reason: "not wanted" },
      { type: "replay-job", jobId, lane: "out:ctx_chat" },
    ]);
    return { id, jobId, row: await d.row(id) };
  }

  test("is never sent, should its job still run", async () => {
    const { id, jobId, row } = await aDroppedOne();
    await d.run();
    expect(d.sends).toHaveLength(1);
    expect(await d.row(id)).toEqual(row);
    expect(await d.job(jobId)).toBeUndefined();
  });

  test("stays given up, should its job die once more", async () => {
    const { id, jobId, row } = await aDroppedOne();
    await d.store.transact(({ database }) => {
      database.prepare("update jobs set interruptions = 26").run();
    });
    await d.run();
    expect(await d.job(jobId)).toMatchObject({ state: "dead" });
    expect(await d.row(id)).toEqual(row);
  });
});
