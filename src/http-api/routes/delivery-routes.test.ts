import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  addUser,
  commitEffects,
  OWNER,
  OWNER_TOKEN,
  openTestApi,
  type TestApi,
} from "../../../test/support/open-test-api.ts";
import type { DeadLetterPage } from "../../client/shapes/dead-letter.ts";
import type { DeliveryPage } from "../../client/shapes/delivery.ts";
import type { Actor } from "../../core/access/actor.ts";
import type { Role } from "../../core/access/role.ts";
import { queueReply } from "../../core/delivery/queue-reply.ts";
import type { Effect } from "../../core/effect/effect.ts";
import { newId } from "../../core/ids.ts";
import { doc, p } from "../../core/rich-text/build.ts";
import { createSqliteEngine } from "../../orchestrator/engines/sqlite-engine.ts";
import { deliveryById } from "../../store/queries/deliveries.ts";

const someone = (role: Role): Actor => ({
  id: `idn_${role}`,
  userId: `usr_${role}`,
  role,
  displayName: role,
});
const ROLES = ["admin", "operator", "member", "viewer"] as const;

let api: TestApi;
beforeEach(async () => {
  const actors = new Map<string, Actor>([[OWNER_TOKEN, OWNER]]);
  for (const role of ROLES) actors.set(`tok_${role}`, someone(role));
  api = await openTestApi({ ports: { authenticate: async (token) => actors.get(token) } });
  for (const role of ROLES) await addUser(api.test, someone(role));
});
afterEach(() => api.close());

const as = (token: string) => ({
  headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
});
const post = (path: string, body: unknown, token = OWNER_TOKEN) =>
  api.asOwner(path, { method: "POST", body: JSON.stringify(body), ...as(token) });
async function get<T>(path: string, token = OWNER_TOKEN): Promise<T> {
  const response = await api.asOwner(path, as(token));
  expect(response.status).toBe(200);
  return (await response.json()) as T;
}

/** A reply in a conversation of `workspaceId` whose job was given up; with `state` as it stood then. */
async function aDeadReply(
  workspaceId: string,
  { state = "dead", marked = false }: { state?: "dead" | "sending"; marked?: boolean } = {},
): Promise<{ id: string; jobId: string }> {
  const { test } = api;
  const externalId = newId("ctx");
  const context = {
    id: externalId,
    connector: "telegram",
    account: "77",
    external_id: externalId,
  } as const;
  const reply = queueReply({
    context,
    body: doc(p("a very private sentence")),
    messageId: null,
    runId: null,
    taskId: null,
    replyToExternalId: null,
    now: test.clock.now(),
  });
  const address = { connector: "telegram", account: "77", externalId } as const;
  await commitEffects(test, [
    { type: "create-context", id: context.id, workspaceId, address, kind: "private", title: "Ada" },
    reply,
  ]);
  const engine = createSqliteEngine(test.store, test.clock, newId("epoch"));
  const [job] = await engine.claim("outbound", 1, test.clock.now());
  if (job === undefined) throw new Error("no job");
  const move: Effect = {
    type: "move-delivery",
    id: reply.id,
    fromVersion: 1,
    to: state,
    parts: null,
    partsSent: 0,
    receipts: "[]",
    marked,
    error: "chat not found",
  };
  const done = await test.store.commit({
    name: "deliver",
    actor: "system",
    cause: "set-up",
    now: test.clock.now(),
    claim: { jobId: job.id, lane: job.lane, token: job.token },
    effects: [move],
    settle: { kind: "dead", error: "chat not found" },
  });
  expect(done).toBe("committed");
  return { id: reply.id, jobId: job.id };
}

const stateOf = async (id: string) => (await api.test.store.first(deliveryById, { id }))?.state;

describe("who may", () => {
  it.each([
    ["GET", "/api/v1/deliveries", ["member", "viewer"]],
    ["POST", "/api/v1/deliveries/replay", ["member", "viewer"]],
    ["POST", "/api/v1/deliveries/drop", ["member", "viewer"]],
    ["GET", "/api/v1/dead-letters", ["operator", "member", "viewer"]],
    ["POST", "/api/v1/dead-letters/replay", ["operator", "member", "viewer"]],
    ["POST", "/api/v1/dead-letters/drop", ["operator", "member", "viewer"]],
  ] as const)("%s %s is 403 for %j", async (method, path, roles) => {
    const { id, jobId } = await aDeadReply("ws_usr_owner");
    const body = JSON.stringify(path.includes("dead") ? { job_id: jobId } : { delivery_id: id });
    for (const role of roles) {
      const request = { method, ...as(`tok_${role}`), ...(method === "POST" ? { body } : {}) };
      expect((await api.asOwner(path, request)).status).toBe(403);
    }
    expect(await stateOf(id)).toBe("dead");
  });

  it("an operator manages their workspace's, an admin everybody's", async () => {
    const theirs = await aDeadReply("ws_usr_operator");
    const others = await aDeadReply("ws_usr_owner");
    const idsOf = async (token: string) =>
      (await get<DeliveryPage>("/api/v1/deliveries?state=dead", token)).items.map(({ id }) => id);
    expect(await idsOf("tok_operator")).toEqual([theirs.id]);
    expect(await idsOf("tok_admin")).toEqual([others.id, theirs.id]);
    for (const path of ["/api/v1/deliveries/replay", "/api/v1/deliveries/drop"]) {
      for (const delivery_id of [others.id, others.id.slice(-8)]) {
        expect((await post(path, { delivery_id }, "tok_operator")).status).toBe(404);
      }
    }
    const replay = { delivery_id: theirs.id.slice(-8) };
    expect((await post("/api/v1/deliveries/replay", replay, "tok_operator")).status).toBe(202);
    expect(await stateOf(theirs.id)).toBe("pending");
    expect(await stateOf(others.id)).toBe("dead");
  });
});

it("pages from the newest to the oldest, and shows nothing of what was said", async () => {
  const ids: string[] = [];
  for (let n = 0; n < 3; n += 1) ids.unshift((await aDeadReply("ws_usr_owner")).id);
  const first = await get<DeliveryPage>("/api/v1/deliveries?state=dead&limit=2");
  const rest = await get<DeliveryPage>(
    `/api/v1/deliveries?state=dead&limit=2&cursor=${first.next_cursor}`,
  );
  expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(ids);
  expect(rest.next_cursor).toBeNull();
  const letters = await get<DeadLetterPage>("/api/v1/dead-letters?kind=deliver&limit=2");
  expect(letters.items.map(({ about }) => about)).toEqual(ids.slice(0, 2));
  expect(JSON.stringify([first, rest, letters])).not.toContain("private");
  expect((await get<DeliveryPage>("/api/v1/deliveries?state=sent")).items).toEqual([]);
  expect(first.items.map(({ context_title: title }) => title)).toEqual(["Ada", "Ada"]);
  const oneChat = `?context_id=${first.items[0]?.context_id}`;
  expect((await get<DeliveryPage>(`/api/v1/deliveries${oneChat}`)).count).toBe(1);
});

it("what may have arrived already waits as such, so that it is marked when it is sent again", async () => {
  const { id } = await aDeadReply("ws_usr_owner", { marked: true });
  const response = await post("/api/v1/deliveries/replay", { delivery_id: id });
  expect(await response.json()).toEqual({ delivery_id: id, state: "unknown" });
  expect(await stateOf(id)).toBe("unknown");
});

describe("a job that was given up without its delivery", () => {
  it("is seen among the dead letters, and goes on when it is replayed", async () => {
    const { id, jobId } = await aDeadReply("ws_usr_owner", { state: "sending" });
    const [letter] = (await get<DeadLetterPage>("/api/v1/dead-letters")).items;
    expect(letter).toMatchObject({ id: jobId, about: id, can_replay: true, can_drop: true });
    const [one, two] = await Promise.all([
      post("/api/v1/dead-letters/replay", { job_id: jobId }),
      post("/api/v1/dead-letters/replay", { job_id: jobId }),
    ]);
    expect([one?.status, two?.status].sort()).toEqual([202, 409]);
    expect(await stateOf(id)).toBe("sending");
  });

  it("ends with it when it is dropped", async () => {
    const { id, jobId } = await aDeadReply("ws_usr_owner", { state: "sending" });
    const dropped = await post("/api/v1/dead-letters/drop", { job_id: jobId, reason: "old" });
    expect(await dropped.json()).toEqual({ job_id: jobId, kind: "deliver", status: "dropped" });
    expect(await api.test.store.first(deliveryById, { id })).toMatchObject({
      state: "dropped",
      drop_reason: "old",
      dropped_by: "idn_owner",
    });
    expect((await get<DeadLetterPage>("/api/v1/dead-letters")).items).toEqual([]);
  });
});
