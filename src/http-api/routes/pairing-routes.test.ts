import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  addUser,
  OWNER,
  OWNER_TOKEN,
  openTestApi,
  type TestApi,
} from "../../../test/support/open-test-api.ts";
import { runCommand } from "../../../test/support/run-command.ts";
import type { Actor } from "../../core/access/actor.ts";
import type { Role } from "../../core/access/role.ts";
import { personByExternalId } from "../../store/queries/people.ts";

const someone = (role: Role): Actor => ({
  id: `idn_${role}`,
  userId: `usr_${role}`,
  role,
  displayName: role,
});
const OTHERS = ["admin", "operator", "member", "viewer"] as const;
const TOO_LOW = ["operator", "member", "viewer"] as const;
const ANN = { connector: "telegram", connector_user_id: "42", display_name: "Ann" } as const;

let api: TestApi;
beforeEach(async () => {
  const actors = new Map<string, Actor>([[OWNER_TOKEN, OWNER]]);
  for (const role of OTHERS) actors.set(`tok_${role}`, someone(role));
  api = await openTestApi({ ports: { authenticate: async (token) => actors.get(token) } });
  for (const role of OTHERS) await addUser(api.test, someone(role));
});
afterEach(() => api.close());

async function ask(
  call: string,
  { body, key = OWNER_TOKEN }: { body?: unknown; key?: string } = {},
): Promise<{ status: number; answer: Record<string, unknown> }> {
  const [method = "", path = ""] = call.split(" ");
  const response = await api.asOwner(`/api/v1/pairings${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

async function start(more: Record<string, unknown> = {}): Promise<string> {
  const { status, answer } = await ask("POST /start", { body: { ...ANN, ...more } });
  expect(status).toBe(201);
  return String(answer["token"]);
}
const ann = () =>
  api.test.store.first(personByExternalId, { connector: "telegram", externalUserId: "42" });

describe("a request to be let in", () => {
  it("is started, looked up, approved, and tells who decided", async () => {
    const { answer: started } = await ask("POST /start", { body: ANN });
    expect(started).toMatchObject({ ...ANN, status: "pending", approver_user_id: "" });
    const token = String(started["token"]);
    const { token: _token, ...view } = started;
    expect((await ask(`GET /lookup?token=${token}`)).answer).toEqual(view);
    expect((await ask("GET ")).answer).toEqual({ items: [view], count: 1, next_cursor: null });

    const { status, answer } = await ask("POST /approve", { body: { token }, key: "tok_admin" });
    expect(status).toBe(200);
    const userId = (await ann())?.user_id;
    expect(answer).toEqual({
      id: started["id"],
      status: "approved",
      approved_user_id: userId,
      approver_user_id: "usr_admin",
      identity_id: (await ann())?.identity_id,
      ...ANN,
      role: "member",
    });
    expect((await ask(`GET /lookup?token=${token}`)).answer).toEqual({
      ...view,
      status: "approved",
      approved_user_id: userId,
      approver_user_id: "usr_admin",
    });
  });

  it("says when it was made, in both ways", async () => {
    const { answer } = await ask("POST /start", { body: ANN });
    const rows = await api.test.store.list((db) => db.selectFrom("pairings").selectAll());
    const atMs = rows[0]?.created_at_ms ?? 0;
    const times = {
      created_at: new Date(atMs).toISOString(),
      created_at_unix: Math.floor(atMs / 1_000),
    };
    expect(answer).toMatchObject(times);
    expect((await ask("GET ")).answer["items"]).toMatchObject([times]);
  });

  it("is found on one of the pages, however many wait", async () => {
    const ids: unknown[] = [];
    for (let n = 1; n <= 5; n += 1) {
      const body = { ...ANN, connector_user_id: `${n}` };
      ids.push((await ask("POST /start", { body })).answer["id"]);
    }
    const pages: unknown[][] = [];
    let cursor: unknown = "";
    while (cursor !== null) {
      const query = cursor === "" ? "?limit=2" : `?limit=2&cursor=${cursor}`;
      const { answer } = await ask(`GET ${query}`);
      pages.push((answer["items"] as { id: string }[]).map(({ id }) => id));
      cursor = answer["next_cursor"];
    }
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(pages.flat().toSorted()).toEqual(ids.toSorted());
    for (const wrong of ["?limit=0", "?limit=501", "?cursor=usr_1", "?cursor=%25"]) {
      expect((await ask(`GET ${wrong}`)).status).toBe(400);
    }
  });

  it("is denied, with a reason or without", async () => {
    const token = await start();
    const { answer } = await ask("POST /deny", { body: { token, reason: "unknown" } });
    expect(answer).toMatchObject({
      ...ANN,
      status: "denied",
      approver_user_id: "usr_owner",
      denied_reason: "unknown",
    });
    expect((await ask(`GET /lookup?token=${token}`)).answer).toMatchObject({
      status: "denied",
      denied_reason: "unknown",
    });
    for (const none of [{}, { reason: "" }, { reason: "  " }]) {
      const body = { token: await start(), ...none };
      expect((await ask("POST /deny", { body })).answer).toMatchObject({ denied_reason: "denied" });
    }
  });

  it("answers a used, denied, replaced or unknown code each in its own words", async () => {
    const approve = async (token: string) => {
      const { status, answer } = await ask("POST /approve", { body: { token } });
      return [status, answer["code"], answer["error"]];
    };
    const replaced = await start();
    for (let n = 0; n < 2; n += 1) await start();
    const used = await start();
    const reason = "replaced by a newer request";
    expect(await approve(replaced)).toEqual([409, "conflict", expect.stringContaining(reason)]);
    expect((await ask(`GET /lookup?token=${replaced}`)).answer).toMatchObject({
      status: "expired",
      expired_reason: reason,
    });
    expect((await approve(used))[0]).toBe(200);
    expect(await approve(used)).toEqual([409, "conflict", expect.stringContaining("used already")]);
    const denied = await start({ connector_user_id: "43" });
    await ask("POST /deny", { body: { token: denied } });
    expect(await approve(denied)).toEqual([409, "conflict", expect.stringContaining("denied")]);
    for (let n = 0; n < 5; n += 1) {
      expect(await approve("0000-0000")).toEqual([
        404,
        "not_found",
        expect.stringContaining("I do not know this pairing code."),
      ]);
    }
    expect(await approve("0000-0000")).toEqual([
      429,
      "rate_limited",
      expect.stringContaining("Too many wrong"),
    ]);
    expect((await ask("GET /lookup?token=0000-0000")).status).toBe(429);
  });

  it("takes no longer than ten minutes, no name for an id and no field there is not", async () => {
    const refused = async (more: Record<string, unknown>) =>
      (await ask("POST /start", { body: { ...ANN, ...more } })).status;
    expect(await refused({ expires_in_sec: 601 })).toBe(400);
    expect(await refused({ expires_in_sec: 0 })).toBe(400);
    expect(await refused({ connector: "codex" })).toBe(400);
    expect(await refused({ connector_user_id: "@ann" })).toBe(400);
    expect(await refused({ display_name: "" })).toBe(400);
    expect(await refused({ display_name: "\u200b\u3164" })).toBe(400);
    expect(await refused({ role: "overlord" })).toBe(400);
  });
});

describe("who may", () => {
  it.each(TOO_LOW)("%s: nothing of it, over HTTP", async (role) => {
    const token = await start();
    const key = `tok_${role}`;
    for (const [call, body] of [
      ["GET ", undefined],
      [`GET /lookup?token=${token}`, undefined],
      ["POST /start", { ...ANN, connector_user_id: "43" }],
      ["POST /approve", { token, role: "viewer" }],
      ["POST /approve", { token, approver_user_id: "usr_admin" }],
      ["POST /approve", { token, target_user_id: "usr_admin" }],
      ["POST /deny", { token }],
      ["POST /deny", { token, approver_user_id: "usr_owner" }],
    ] as const) {
      const { status, answer } = await ask(call, { body, key });
      expect([call, status, answer["code"]]).toEqual([call, 403, "access_denied"]);
    }
    expect(await ann()).toBeUndefined();
    expect((await ask(`GET /lookup?token=${token}`)).answer["status"]).toBe("pending");
  });

  it("admin: up to their own role, as themselves, and to nobody who is there", async () => {
    const token = await start();
    const approve = async (more: Record<string, unknown>) =>
      (await ask("POST /approve", { body: { token, ...more }, key: "tok_admin" })).status;
    expect(await approve({ role: "overlord" })).toBe(403);
    expect(await approve({ approver_user_id: "usr_owner" })).toBe(403);
    expect(await approve({ target_user_id: "usr_owner" })).toBe(403);
    expect(await ann()).toBeUndefined();
    expect(await approve({ role: "admin", approver_user_id: "usr_admin" })).toBe(200);
  });

  it("each role, in the terminal, as over HTTP", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "agent-runtime-pairing-"));
    const run = (key: string, ...args: readonly string[]) =>
      runCommand(["pairing", ...args], {
        cwd,
        env: { AGENT_RUNTIME_ADMIN_API_URL: api.url, AGENT_RUNTIME_ADMIN_TOKEN: key },
      });
    try {
      const token = await start();
      for (const role of TOO_LOW) {
        const { exitCode, stdout, stderr } = await run(`tok_${role}`, "approve", token);
        expect([exitCode, stdout]).toEqual([1, ""]);
        expect(stderr).toContain(`Your role (${role}) does not allow that.`);
      }
      const above = await run("tok_admin", "approve", token, "--role", "overlord");
      expect(above.stderr).toContain("stands above your own (admin)");
      expect(await ann()).toBeUndefined();
      const done = await run("tok_admin", "approve", token, "--role", "admin");
      expect(done.stdout).toBe("telegram 42 (Ann) is paired as admin.\n");
    } finally {
      rmSync(cwd, { recursive: true });
    }
  });
});
