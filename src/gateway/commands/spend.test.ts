import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aRun } from "../../../test/contracts/guard-rows.ts";
import { aReservation } from "../../../test/support/a-reservation.ts";
import { aGroup, type Gateway, openGateway } from "../../../test/support/open-gateway.ts";
import type { Effect } from "../../core/effect/effect.ts";
import { spendDay } from "../../core/spend/spend-scope.ts";

const CAPS = { daily: 5_000_000, run: 1_000_000, user: 500_000 };

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway({ caps: CAPS });
});
afterEach(() => gateway.close());

type Person = Awaited<ReturnType<Gateway["aPerson"]>>;

const today = () => spendDay(gateway.clock.now());
const from = (externalUserId: string) => ({ sender: { externalUserId, displayName: "" } });

/** A call of a model for somebody, in the conversation of what they last said. */
async function spend(
  { userId, workspaceId }: Person,
  contextId: string,
  costMicroUsd: number,
  more: Partial<Parameters<typeof aReservation>[0]> = {},
) {
  const run = aRun({ workspaceId, contextId });
  const parked: Effect = {
    type: "move-run",
    id: run.id,
    from: ["queued"],
    to: "parked",
    model: null,
    error: null,
  };
  const row = { runId: run.id, contextId, workspaceId, userId, day: today(), ...more };
  const call = aReservation({ ...row, reservedMicroUsd: 100_000 });
  const settle: Effect = {
    type: "settle-usage",
    id: call.id,
    state: "settled",
    inputTokens: 100,
    outputTokens: 20,
    costMicroUsd,
  };
  const settled = costMicroUsd === 0 ? [] : [settle];
  await gateway.commit("spend", async () => ({
    seen: [],
    effects: [run, parked, call, ...settled],
  }));
  return run.id;
}

async function contextOf(text: string, message = {}): Promise<string> {
  return (await gateway.say(text, message)).message.context_id;
}

async function replyTo(text: string, message = {}): Promise<string> {
  return (await gateway.say(text, message)).replies.join("\n");
}

describe("/spend", () => {
  it("says honestly that nothing was spent", async () => {
    await gateway.aPerson("member");
    const reply = await replyTo("/spend");
    expect(reply).toContain(`Spent on your work today (${today()}, UTC): $0.00, 0 calls`);
    expect(reply).toContain("Your work: $0.00 of $0.50");
    expect(reply).toContain("Each answer and each task: $1.00");
  });

  it("tells a member of their own work alone, to the millionth, and what is under way", async () => {
    const member = await gateway.aPerson("member");
    const other = await gateway.aPerson("member", "8");
    const contextId = await contextOf("/help");
    const runId = await spend(member, contextId, 4_200);
    await spend(member, contextId, 0, { purpose: "task" });
    const theirs = await spend(other, contextId, 70_000, { model: "openai/gpt-secret" });
    const reply = await replyTo("/spend");
    expect(reply).toContain("$0.0042, 2 calls of a model.");
    expect(reply).toContain("$0.10 more is put aside for calls under way");
    expect(reply).toContain("Your work: $0.1042 of $0.50");
    expect(reply).toContain(`${runId} $0.0042, 1 call of a model: an answer in Ada`);
    expect(reply).toContain("chat: $0.0042");
    expect(reply).not.toContain(theirs);
    expect(reply).not.toContain("gpt-secret");
    expect(reply).not.toContain("All work together");
    expect(reply).not.toContain("By person");
  });

  it("tells an admin of all, by person, and which models have no price", async () => {
    const member = await gateway.aPerson("member", "8");
    await gateway.aPerson("admin");
    const contextId = await contextOf("/help", from("8"));
    await spend(member, contextId, 4_200, { model: "unknown" });
    await spend(member, contextId, 800);
    const offered = await replyTo("how much did you spend today?");
    expect(offered).toContain("Show what was spent: /spend");
    const reply = await replyTo("/spend");
    expect(reply).toContain("Spent today");
    expect(reply).toContain("$0.005, 2 calls");
    expect(reply).toContain("All work together: $0.005 of $5.00");
    expect(reply).toContain("The member $0.005, 2 calls of a model");
    expect(reply).toMatch(/unknown \$0.0042, 1 call of a model. No price is known of it/);
    expect(reply).toMatch(/gpt-6-sol \$0.0008, 1 call of a model$/m);
  });

  it("shows the ten dearest alone", async () => {
    const member = await gateway.aPerson("member");
    const contextId = await contextOf("/help");
    const runs: string[] = [];
    for (let cost = 1; cost <= 11; cost += 1) runs.push(await spend(member, contextId, cost));
    const reply = await replyTo("/spend");
    expect(reply).not.toContain(runs[0]);
    for (const [index, run] of runs.entries()) if (index > 0) expect(reply).toContain(run);
    expect(reply).toContain("And more that cost less.");
  });

  it("tells a group what was spent in it, and neither on what nor of anybody, whoever asks", async () => {
    const admin = await gateway.aPerson("admin");
    const inGroup = await contextOf("/help", aGroup());
    const inPrivate = await contextOf("/help");
    await spend(admin, inGroup, 4_000);
    const hidden = await spend(admin, inPrivate, 70_000);
    const reply = await replyTo("/spend", aGroup());
    expect(reply).toContain("Spent in this conversation today");
    expect(reply).toContain("$0.004, 1 call");
    expect(reply).not.toContain(hidden);
    expect(reply).not.toContain("All work together");
    expect(reply).not.toContain("The admin");
  });

  it("tells all in a hub, and of its workspace in an admin channel", async () => {
    const overlord = await gateway.aPerson("overlord");
    const other = await gateway.aPerson("member", "8");
    const group = aGroup();
    await gateway.say("/admin-channel enable", group);
    const contextId = await contextOf("/help", group);
    await spend(other, contextId, 4_000);
    expect(await replyTo("/spend", group)).toContain("Spent in this workspace today");
    await gateway.say("/admin-channel enable hub", group);
    const reply = await replyTo("/spend", group);
    expect(reply).toContain("Spent today");
    expect(reply).toContain("The member");
    expect(overlord.userId).not.toBe(other.userId);
  });

  it("forgets yesterday at midnight UTC", async () => {
    const member = await gateway.aPerson("member");
    const contextId = await contextOf("/help");
    await spend(member, contextId, 4_200);
    gateway.clock.advance(24 * 60 * 60_000);
    expect(await replyTo("/spend")).toContain("$0.00, 0 calls");
  });

  it("names what a cap was raised by", async () => {
    const { userId } = await gateway.aPerson("member");
    const scope = { key: `user:${userId}:${today()}`, day: today() };
    await gateway.commit("raise", async () => ({
      seen: [],
      effects: [{ type: "raise-spend", scope, byMicroUsd: 250_000 }],
    }));
    expect(await replyTo("/spend")).toContain(
      "Your work: $0.00 of $0.75, raised by $0.25 for today",
    );
  });
});
