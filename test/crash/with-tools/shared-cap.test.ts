import { expect, test } from "vitest";
import { AT_A_CAP } from "../killed-seams.ts";
import { sidesOf } from "../whole-runtime/kill-plan.ts";
import { chooseSeed } from "../whole-runtime/random.ts";
import { openScene } from "../whole-runtime/scene.ts";
import { checkMoment } from "./check-moment.ts";
import { openWorld } from "./world.ts";

const SIDES = ["after commit end-tool-call", ...sidesOf(AT_A_CAP)];
/** Less than what is put aside for one answer. */
const TINY = { AGENT_RUNTIME_SPEND_DAILY_USD: "0.0001", AGENT_RUNTIME_SPEND_RUN_USD: "1" };

test("what waits at a cap that was raised goes on once, wherever the process is killed on the way", {
  timeout: 600_000,
}, async () => {
  const plan = { sides: SIDES, odds: 1, seed: chooseSeed() };
  const scene = await openScene(plan, async (pass, dataDir) => {
    const world = await openWorld(pass, dataDir);
    return { ...world, env: { ...world.env, ...TINY } };
  });
  const approvals = () => scene.rows("select id, state from approvals order by seq");
  try {
    for (const name of ["one", "two", "three"]) {
      const said = { text: `hello ${name}`, message_id: name, external_id: name };
      await scene.post("/api/v1/chat", { ...said, wait_seconds: 0 });
    }
    await scene.until("three questions", () => (approvals().length === 3 ? true : undefined));
    const [first] = approvals();
    await scene.post(`/api/v1/approvals/${first?.["id"]}/decision`, { approved: true });
    await scene.until("three answers", () => {
      const over = scene.rows("select id from messages where outcome = 'answered'");
      return over.length === 3 ? true : undefined;
    });
    await scene.idle();
    await scene.stop();
    expect(scene.killed).toEqual(SIDES);
    checkMoment(scene);
    expect(approvals().map(({ state }) => state)).toEqual(["approved", "withdrawn", "withdrawn"]);
    const raised = scene.rows("select raised_micro_usd from spend where key like 'day:%'");
    expect(raised).toEqual([{ raised_micro_usd: 10_000 }]);
    const steps = scene.rows("select state from run_steps where kind = 'model'");
    expect(steps.filter(({ state }) => state === "finished")).toHaveLength(3);
  } finally {
    await scene.close();
  }
});
