import { expect, test } from "vitest";
import { openAuditKey } from "../../../src/store/audit/audit-key.ts";
import { verifyAudit } from "../../../src/store/audit/verify-audit.ts";
import { checkInvariants } from "../../support/check-invariants.ts";
import { OF_FAILED_WORK } from "../killed-seams.ts";
import { chooseSeed } from "./random.ts";
import { ECHO, openScene, type Scene } from "./scene.ts";

const REFUSED = {
  kind: "refuse",
  status: 400,
  description: "Bad Request: chat not found",
} as const;
const HELP = "What you can do here";
const TOLD = "I could not answer this.";
const SLOW_TASK = "be slow in the background";

/** The job of a reply that Telegram refuses for good. */
async function loseReply(scene: Scene, say: () => void): Promise<string> {
  scene.telegram.fault("sendMessage", REFUSED);
  say();
  const find = () => scene.rows("select id from jobs where state = 'dead'")[0]?.["id"];
  return String(await scene.until("a dead letter", find));
}

test.each(["before", "after"])(
  "what failed is told once, and done again or given up once, also when the process is killed %s it",
  { timeout: 600_000 },
  async (side) => {
    const sides = OF_FAILED_WORK.map((seam) => `${side} ${seam}`);
    const env: Record<string, string> = {};
    const plan = { sides, odds: 1, seed: chooseSeed() };
    const scene = await openScene(plan, async () => ({ ...ECHO, env }));
    const restartWith = (enabled: "true" | "false") => {
      env["AGENT_RUNTIME_LLM_ENABLED"] = enabled;
      scene.restart();
    };
    const tasks = (where: string) => scene.rows(`select id from tasks where ${where}`);
    const one = (what: string, where: string) =>
      scene.until(what, () => tasks(where)[0]?.["id"] as string | undefined);
    try {
      const { telegram } = scene;
      const olga = telegram.user(1001, "Olga");
      const chat = telegram.privateChat(olga);
      const code = new URL(await scene.pairingLink()).searchParams.get("start");
      telegram.say(chat, olga, `/start ${code}`);
      await scene.until("Olga", () =>
        telegram.sent.find(({ text }) => text.includes("with the role overlord")),
      );

      const switchOffIn = async (text: string) => {
        await scene.until(`work on "${text}"`, () => scene.asked.includes(text) || undefined);
        restartWith("false");
      };
      telegram.say(chat, olga, "be slow");
      await switchOffIn("be slow");
      await scene.until("word of it", () => telegram.sent.find(({ text }) => text.includes(TOLD)));
      await scene.idle();
      restartWith("true");
      await scene.post("/api/v1/tasks", { prompt: SLOW_TASK });
      await switchOffIn(SLOW_TASK);
      const failed = await one("the failed task", "status = 'failed'");
      await scene.idle();

      restartWith("true");
      await scene.post("/api/v1/tasks/retry", { task_id: failed });
      const again = await one("the task again", `retry_of_task = '${failed}'`);
      await scene.post("/api/v1/tasks/cancel", { task_id: again });

      const help = () => void telegram.say(chat, olga, "/help");
      const replayed = await loseReply(scene, help);
      await scene.post("/api/v1/dead-letters/replay", { job_id: replayed });
      await scene.until("the reply", () => telegram.sent.find(({ text }) => text.includes(HELP)));
      await scene.idle();
      const dropped = await loseReply(scene, help);
      await scene.post("/api/v1/dead-letters/drop", { job_id: dropped, reason: "old" });
      await scene.idle();
      await scene.stop();

      expect(scene.killed.toSorted()).toEqual(sides.toSorted());
      expect(tasks("status = 'failed'")).toHaveLength(1);
      expect(tasks("retry_of_task is not null")).toHaveLength(1);
      expect(scene.rows("select id from jobs where state = 'dead'")).toEqual([]);
      const told = telegram.sent.filter(({ text }) => text.includes(TOLD));
      expect(told).toHaveLength(1);
      expect(telegram.sent.filter(({ text }) => text.includes(HELP))).toHaveLength(1);
      checkInvariants(scene.dbPath, openAuditKey(scene.dataDir));
      expect(verifyAudit(scene).problems).toEqual([]);
    } finally {
      await scene.close();
    }
  },
);
