import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { createScriptedModel, type ScriptedModel } from "../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";
import type { Actor } from "../core/access/actor.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { laneOf, PRIORITY } from "../core/job/lanes.ts";
import { decideApproval } from "../operations/decide-approval.ts";
import { MAY_BE_DONE } from "../tools/may-be-done.ts";
import { defineTool, type Tool } from "../tools/tool.ts";

let agent: TestAgent;
let model: ScriptedModel;
let happened: string[];
/** What else happens between the look at an approval and the beginning of its call. */
let meanwhile: () => void;
let failsWith: string | undefined;

/** Its arguments are read in between. */
const post = (): Tool =>
  defineTool({
    name: "post",
    class: "network",
    description: "Posts something.",
    input: z.strictObject({ text: z.string() }).refine(() => {
      meanwhile();
      return true;
    }),
    effect: "send",
    timeLimitMs: 5_000,
    sensitivityOf: () => "outward",
    describe: ({ text }) => `Post ${text}`,
    async run({ text }) {
      if (failsWith !== undefined) throw new AppError("unavailable", failsWith);
      happened.push(text);
      return { text: `posted ${text}` };
    },
  });
const commit = (...effects: readonly Effect[]) =>
  agent.store.commit({
    name: "test",
    actor: "test",
    cause: "test",
    now: agent.clock.now(),
    effects,
  });

beforeEach(async () => {
  happened = [];
  meanwhile = () => undefined;
  failsWith = undefined;
  agent = await openTestAgent([post()]);
  model = createScriptedModel({ callTool: "post", input: { text: "hello" } }, { text: "Well." });
  await agent.startWorkers(model);
  await agent.say("post hello");
  await agent.until("runs", ([run]) => run?.state === "parked");
});
afterEach(() => agent.close());

/** What is tried again is tried later: the clock goes on until the run is over, or parked again. */
async function rested(): Promise<string> {
  for (;;) {
    const [[run], jobs] = await Promise.all([agent.rows("runs"), agent.rows("jobs")]);
    const isWorked = jobs.some(({ kind, state }) => kind === "run-turn" && state !== "dead");
    if (run !== undefined && !isWorked) return run.state;
    agent.clock.advance(1_000);
    await setImmediate();
  }
}
const bea = async () =>
  (await agent.rows("users")).find(({ display_name: name }) => name === "Bea");

test("nothing is decided after its time, whether or not that was noticed yet", async () => {
  const [approval] = await agent.rows("approvals");
  // The wall clock alone: nobody who sleeps until then wakes.
  agent.clock.jump(24 * 3_600_000);
  for (const approved of [true, false])
    await expect(agent.decide(approval?.id ?? "", approved)).rejects.toThrow(/expired at/);
  expect(await agent.rows("approvals")).toMatchObject([{ state: "pending" }]);
  expect(happened).toEqual([]);
});

test("an approved call is not made when its approver may approve no more by the time it begins", async () => {
  const { id: userId = "", version: fromVersion = 0 } = (await bea()) ?? {};
  const lowered = Promise.withResolvers<unknown>();
  meanwhile = () => {
    meanwhile = () => undefined;
    lowered.resolve(commit({ type: "set-role", userId, fromVersion, role: "member" }));
  };
  const [approval] = await agent.rows("approvals");
  await agent.decide(approval?.id ?? "", true);
  expect(await lowered.promise).toBe("committed");
  expect(await rested()).toBe("succeeded");
  expect(happened).toEqual([]);
  expect(JSON.stringify(model.calls[1]?.prompt)).toContain("may not approve it any more");
  expect(await agent.rows("approvals")).toMatchObject([{ execution: "not_executed" }]);
  expect((await cards()).at(-1)).toMatch(/Approved.+Bea.+Not done.+may not approve it any more/u);
});

/** What every copy of the card says now. */
const cards = async () =>
  (await agent.rows("deliveries"))
    .filter(({ kind, card }) => kind === "edit" && card?.startsWith("approval:"))
    .map(({ body }) => body);

test("whoever approved a call that fails reads so on its card", async () => {
  failsWith = "the address is not there";
  const [approval] = await agent.rows("approvals");
  await agent.decide(approval?.id ?? "", true);
  expect(await rested()).toBe("succeeded");
  expect(await agent.rows("approvals")).toMatchObject([{ execution: "failed" }]);
  expect((await cards()).at(-1)).toMatch(/Approved.+Bea.+Failed/u);
  // Strangers may read the card, and nobody has looked at what the tool says.
  expect((await cards()).join()).not.toContain("the address is not there");
});

test("of a call that broke off nobody says that it failed: it may have been done", async () => {
  failsWith = `It broke off. ${MAY_BE_DONE}`;
  const [approval] = await agent.rows("approvals");
  await agent.decide(approval?.id ?? "", true);
  expect(await rested()).toBe("succeeded");
  expect(await agent.rows("approvals")).toMatchObject([{ execution: "unknown" }]);
  expect((await cards()).at(-1)).toContain("Nobody knows whether it was done");
  const said = JSON.stringify(await agent.rows("deliveries"));
  expect(said).toContain("Nobody knows whether this happened");
  expect(JSON.stringify(model.calls[1]?.prompt)).toContain(MAY_BE_DONE);
});

test("of a call that was done its card says no more than who approved it", async () => {
  const [approval] = await agent.rows("approvals");
  await agent.decide(approval?.id ?? "", true);
  expect(await rested()).toBe("succeeded");
  expect(happened).toEqual(["hello"]);
  expect((await cards()).join()).not.toMatch(/Failed|Not done|Nobody knows/u);
});

test.each([true, false])(
  "nothing is decided by somebody who may decide no more when it is committed (approved: %s)",
  async (approved) => {
    const { id: userId = "", version: fromVersion = 0 } = (await bea()) ?? {};
    const actor: Actor = { id: newId("idn"), userId, role: "admin", displayName: "Bea" };
    const [asked] = await agent.rows("approvals");
    const now = agent.clock.now();
    const deps = { store: agent.store, now, twoPersonClasses: [] };
    const about = { approval: asked?.id ?? "", approved };
    const { effects, seen } = await decideApproval(deps, actor, about);
    const lowered = { type: "set-role", userId, fromVersion, role: "member" } as const;
    expect(await commit(lowered)).toBe("committed");
    const step = { name: "decide-approval", actor: actor.id, cause: "test", now };
    expect(await agent.store.commit({ ...step, effects, seen })).toBe("conflict");
    expect(await agent.rows("approvals")).toMatchObject([{ state: "pending" }]);
  },
);

test("an approval that is used up lets nothing more happen, and the work ends", async () => {
  const [[asked], [run]] = await Promise.all([agent.rows("approvals"), agent.rows("runs")]);
  const { id = "" } = asked ?? {};
  const runId = run?.id ?? "";
  const now = agent.clock.now();
  const job = {
    id: newId("job"),
    kind: "run-turn",
    payload: { runId },
    lane: laneOf.turn(agent.contextId),
    priority: PRIORITY.turn,
    runAtMs: now,
  } as const;
  const done = await commit(
    {
      type: "decide-approval",
      id,
      to: "approved",
      decidedBy: "test",
      decidedByUserId: (await bea())?.id ?? "",
      note: null,
    },
    { type: "move-execution", id, from: ["not_executed"], to: "executing" },
    { type: "move-run", id: runId, from: ["parked"], to: "queued", model: null, error: null },
    { type: "enqueue-job", job },
  );
  expect(done).toBe("committed");
  expect(await rested()).toBe("failed");
  expect(happened).toEqual([]);
});
