import { afterEach, beforeEach, expect, test } from "vitest";
import { type OpenDelivery, openDelivery, SENT } from "../../test/support/open-delivery.ts";
import type { Actor } from "../core/access/actor.ts";
import { doc, p } from "../core/rich-text/build.ts";
import { commitDecision } from "../store/commit-decision.ts";
import { replayDelivery } from "./replay-delivery.ts";

const A = "a".repeat(4_000);
const B = "b".repeat(4_000);
const OPERATOR: Actor = { id: "idn_1", userId: "usr_1", role: "operator", displayName: "Olga" };

let d: OpenDelivery;
beforeEach(async () => {
  d = await openDelivery();
  await d.commit([
    {
      type: "create-user",
      id: "usr_1",
      displayName: "Olga",
      role: "operator",
      workspaceId: "ws_chat",
    },
    {
      type: "link-identity",
      id: "idn_1",
      userId: "usr_1",
      connector: "telegram",
      externalUserId: "1",
      displayName: "Olga",
    },
  ]);
});
afterEach(() => d.close());

async function replay(id: string) {
  const step = { name: "replay-delivery", actor: OPERATOR.id, cause: "test" };
  return await commitDecision(d, step, (now) =>
    replayDelivery({ store: d.store, now }, OPERATOR, { delivery: id }),
  );
}

test("what is certain goes on where it stopped, without a mark", async () => {
  const { id } = await d.queue(doc(p(A), p(B)));
  d.answers.push(SENT, { kind: "rejected", error: "blocked" });
  await d.run();
  expect(await replay(id)).toMatchObject({ state: "pending" });
  await d.run();
  expect(d.texts().slice(2)).toEqual([B]);
  expect(await d.row(id)).toMatchObject({ state: "sent", parts_sent: 2, marked: 0, error: null });
});

test("what may have arrived already is marked", async () => {
  const { id } = await d.queue(doc(p("x")));
  for (let round = 1; round <= 5; round += 1) {
    d.answers.push({ kind: "uncertain", error: "502" });
    await d.run();
    d.clock.advance(3_600_000);
  }
  expect(await replay(id)).toMatchObject({ state: "unknown" });
  await d.run();
  expect(d.texts().slice(5)).toEqual(["(may be a repeat)\nx"]);
  expect(await d.row(id)).toMatchObject({ state: "sent", marked: 1 });
});

test("what was under way when its job was given up is marked too", async () => {
  const { id } = await d.queue(doc(p("x")));
  let arrived: (value: typeof SENT) => void = () => undefined;
  const reached = new Promise<void>((resolve) => {
    d.answers.push(() => {
      resolve();
      return new Promise((settle) => {
        arrived = settle;
      });
    });
  });
  const first = await d.start();
  await reached;
  await d.restart();
  await d.store.transact(({ database }) => {
    database.prepare("update jobs set interruptions = 26").run();
  });
  await d.run();
  arrived(SENT);
  await first.done;
  expect(await d.row(id)).toMatchObject({ state: "dead", marked: 1 });
  expect(await replay(id)).toMatchObject({ state: "unknown" });
  await d.run();
  expect(d.texts()).toEqual(["x", "(may be a repeat)\nx"]);
});
