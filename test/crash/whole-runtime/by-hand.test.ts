import { expect, test } from "vitest";
import { openAuditKey } from "../../../src/store/audit/audit-key.ts";
import { verifyAudit } from "../../../src/store/audit/verify-audit.ts";
import { checkInvariants } from "../../support/check-invariants.ts";
import { BY_HAND } from "../killed-seams.ts";
import { chooseSeed } from "./random.ts";
import { openScene, type Scene } from "./scene.ts";

const REFUSED = {
  kind: "refuse",
  status: 400,
  description: "Bad Request: chat not found",
} as const;
const HELP = "What you can do here";

/** Asked again after a death, so that what is there already is no fault. */
async function decide(scene: Scene, path: string, body: unknown): Promise<void> {
  const { status, body: answer } = await scene.post(path, body);
  if (status >= 500 || status === 400) throw new Error(`${path}: ${status} ${answer}`);
}

/** The code of somebody who wants in. */
async function codeOf(scene: Scene, connector_user_id: string): Promise<string> {
  const asked = { connector: "telegram", connector_user_id, display_name: "Guest" };
  const { body } = await scene.post("/api/v1/pairings/start", asked);
  return (JSON.parse(body) as { readonly token: string }).token;
}

async function idOf(scene: Scene, sql: string): Promise<string> {
  return await scene.until(sql, () => scene.rows(sql)[0]?.["id"] as string | undefined);
}

/** A reply that Telegram refuses for good. */
async function loseReply(scene: Scene, say: () => void): Promise<string> {
  scene.telegram.fault("sendMessage", REFUSED);
  say();
  return await idOf(scene, "select id from deliveries where state = 'dead'");
}

test.each(["before", "after"])(
  "what admins decide by hand is decided once, also when the process is killed %s it",
  { timeout: 600_000 },
  async (side) => {
    const sides = BY_HAND.map((seam) => `${side} ${seam}`);
    const scene = await openScene({ sides, odds: 1, seed: chooseSeed() });
    try {
      const { telegram } = scene;
      const olga = telegram.user(1001, "Olga");
      const chat = telegram.privateChat(olga);
      const code = new URL(await scene.pairingLink()).searchParams.get("start");
      telegram.say(chat, olga, `/start ${code}`);
      await idOf(scene, "select id from identities where external_user_id = '1001'");
      await scene.idle();

      await decide(scene, "/api/v1/pairings/deny", {
        token: await codeOf(scene, "6666"),
        reason: "no",
      });
      const guest = { token: await codeOf(scene, "7777"), role: "member" };
      await decide(scene, "/api/v1/pairings/approve", guest);
      const of = "from identities where external_user_id = '7777'";
      const user = await idOf(scene, `select user_id as id ${of}`);
      const identity = await idOf(scene, `select id ${of}`);
      await decide(scene, "/api/v1/users/role", { user_id: user, role: "viewer" });
      await decide(scene, "/api/v1/users/unlink", { identity_id: identity });
      await decide(scene, "/api/v1/keys", { name: "robot", role: "member" });
      const key = await idOf(scene, "select id from api_keys");
      await decide(scene, "/api/v1/keys/revoke", { key_id: key });

      const help = () => void telegram.say(chat, olga, "/help");
      const replayed = await loseReply(scene, help);
      await decide(scene, "/api/v1/deliveries/replay", { delivery_id: replayed });
      await idOf(scene, `select id from deliveries where id = '${replayed}' and state = 'sent'`);
      const dropped = await loseReply(scene, help);
      await decide(scene, "/api/v1/deliveries/drop", { delivery_id: dropped, reason: "old" });
      await scene.idle();
      await scene.stop();

      expect(scene.killed.toSorted()).toEqual(sides.toSorted());
      expect(scene.rows("select status from pairings where external_user_id = '6666'")).toEqual([
        { status: "denied" },
      ]);
      expect(scene.rows(`select id ${of}`)).toEqual([]);
      expect(scene.rows(`select role from users where id = '${user}'`)).toEqual([
        { role: "viewer" },
      ]);
      expect(
        scene.rows(
          `select revoked_at_ms is not null as is_revoked from api_keys where id = '${key}'`,
        ),
      ).toEqual([{ is_revoked: 1 }]);
      expect(scene.rows(`select state from deliveries where id = '${dropped}'`)).toEqual([
        { state: "dropped" },
      ]);
      expect(telegram.sent.filter(({ text }) => text.includes(HELP))).toHaveLength(1);
      checkInvariants(scene.dbPath, openAuditKey(scene.dataDir));
      expect(verifyAudit(scene).problems).toEqual([]);
    } finally {
      await scene.close();
    }
  },
);
