import { expect, test } from "vitest";
import { openAuditKey } from "../../../src/store/audit/audit-key.ts";
import { verifyAudit } from "../../../src/store/audit/verify-audit.ts";
import { checkInvariants } from "../../support/check-invariants.ts";
import { AT_THE_DOORS } from "../killed-seams.ts";
import { chooseSeed } from "./random.ts";
import { openScene, type Scene } from "./scene.ts";

/** Nobody's. */
const WRONG_CODE = "aaaa-aaaa";

async function readJson(asked: ReturnType<Scene["ask"]>): Promise<Record<string, string>> {
  return JSON.parse((await asked).body) as Record<string, string>;
}

/** A code is good once: after a death that took the answer along, the next one is. */
async function logIn(scene: Scene): Promise<string> {
  return await scene.until("a session", async () => {
    const { code } = await readJson(scene.post("/api/v1/login-codes", undefined));
    const opened = await scene.ask({
      method: "POST",
      path: "/api/v1/session",
      body: { code },
      headers: {},
    });
    const again = await scene.ask({
      method: "POST",
      path: "/api/v1/session",
      body: { code },
      headers: {},
    });
    expect(again.status, "a code that was used").toBe(401);
    return opened.headers.getSetCookie()[0]?.split(";")[0];
  });
}

test.each(["before", "after"])(
  "a pairing code, a key, a login link and a session each work as told, also when the process is killed %s their commit",
  { timeout: 600_000 },
  async (side) => {
    const sides = AT_THE_DOORS.map((seam) => `${side} ${seam}`);
    const scene = await openScene({ sides, odds: 1, seed: chooseSeed() });
    try {
      const guest = { connector: "telegram", connector_user_id: "7777", display_name: "Guest" };
      const { token: code } = await readJson(scene.post("/api/v1/pairings/start", guest));
      const lookUp = (token = "") =>
        scene.ask({ method: "GET", path: `/api/v1/pairings/lookup?token=${token}` });
      expect((await lookUp(WRONG_CODE)).status).toBe(404);
      expect((await lookUp(code)).body).toContain('"status":"pending"');

      const { key: token } = await readJson(
        scene.post("/api/v1/keys", { name: "robot", role: "member" }),
      );
      const asKey = { authorization: `Bearer ${token}` };
      expect(
        (await scene.ask({ method: "GET", path: "/api/v1/tasks", headers: asKey })).status,
      ).toBe(200);
      const used = () =>
        scene.rows("select last_used_at_ms is not null as is_used from api_keys")[0]?.["is_used"];
      expect(used()).toBe(1);

      const cookie = await logIn(scene);
      const onPage = { cookie };
      expect(
        (await scene.ask({ method: "GET", path: "/api/v1/tasks", headers: onPage })).status,
      ).toBe(200);
      await scene.ask({
        method: "DELETE",
        path: "/api/v1/session",
        headers: { cookie },
      });
      expect(
        (await scene.ask({ method: "GET", path: "/api/v1/tasks", headers: onPage })).status,
      ).toBe(401);
      await scene.idle();
      await scene.stop();

      expect(scene.killed.toSorted()).toEqual(sides.toSorted());
      checkInvariants(scene.dbPath, openAuditKey(scene.dataDir));
      expect(verifyAudit(scene).problems).toEqual([]);
    } finally {
      await scene.close();
    }
  },
);
