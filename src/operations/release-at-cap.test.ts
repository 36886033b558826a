import { afterEach, beforeEach, expect, test } from "vitest";
import { NO_CAPS } from "../../test/support/no-caps.ts";
import { createScriptedModel } from "../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";
import { spendDay } from "../core/spend/spend-scope.ts";
import { commitDecision } from "../store/commit-decision.ts";
import { releaseAtCap } from "./release-at-cap.ts";

/** What is put aside for the first call of each. */
const NEEDED = 4_096;
const CAPS = { ...NO_CAPS, daily: 100 };
const PARKED = 25;

let agent: TestAgent;
beforeEach(async () => {
  agent = await openTestAgent();
});
afterEach(() => agent.close());

/** So many turns that came to the cap of the day before their first call, and of which nobody works on any. */
async function parkAtCap() {
  const workers = await agent.startWorkers(createScriptedModel({ text: "Done." }), true, {
    caps: CAPS,
    findPrice: () => ({ price: { input: 0, output: 1 }, isListed: true }),
  });
  for (let n = 1; n <= PARKED; n += 1) {
    await agent.addGroup(`g${n}`);
    await agent.say(`look ${n}`, `g${n}`);
  }
  await agent.until(
    "runs",
    (rows) => rows.length === PARKED && rows.every(({ state }) => state === "parked"),
  );
  await workers.stop();
}

test("more goes on than fits into one commit, and never more than there is room for", async () => {
  await parkAtCap();
  const { store, clock } = agent;
  const day = spendDay(clock.now());
  const raised = { scope: `day:${day}`, day };
  const step = { name: "test", actor: "test", cause: "test" };
  const byMicroUsd = 22 * NEEDED - CAPS.daily;
  await commitDecision({ store, clock }, step, async () => ({
    effects: [{ type: "raise-spend", scope: { key: raised.scope, day }, byMicroUsd }],
    seen: [],
  }));
  const counts: number[] = [];
  for (let isMore = true; isMore; ) {
    const released = await commitDecision({ store, clock }, step, (now) =>
      releaseAtCap({ store, now }, CAPS, raised),
    );
    const gone = (await agent.rows("approvals")).filter(({ state }) => state === "withdrawn");
    counts.push(gone.length);
    isMore = released.isMore;
  }
  expect(counts).toEqual([20, 22]);
});
