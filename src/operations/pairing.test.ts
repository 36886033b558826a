import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import type { Actor } from "../core/access/actor.ts";
import type { Role } from "../core/access/role.ts";
import { contextById } from "../store/queries/contexts.ts";
import { personByExternalId } from "../store/queries/people.ts";
import { approvePairing } from "./approve-pairing.ts";
import { denyPairing } from "./deny-pairing.ts";
import { listPairings } from "./list-pairings.ts";
import { lookupPairing } from "./lookup-pairing.ts";
import { unlessRefused } from "./refused.ts";
import { requestPairing } from "./request-pairing.ts";

let gateway: Gateway;
beforeEach(async () => {
  gateway = await openGateway();
});
afterEach(async () => {
  await gateway.work();
  await gateway.close();
});

const ada = () =>
  gateway.store.first(personByExternalId, { connector: "telegram", externalUserId: "7" });

async function askForAccess() {
  const { message, replies } = await gateway.say("/pair");
  const code = /pairing approve ([0-9a-z-]+)/u.exec(replies[0] ?? "")?.[1] ?? "";
  return { code, message };
}

async function approve(code: string, role?: Role, actor: Actor = gateway.ownerActor) {
  return unlessRefused(
    await gateway.commit("approve-pairing", (deps) => approvePairing(deps, actor, { code, role })),
  );
}

async function deny(code: string, actor: Actor = gateway.ownerActor) {
  return unlessRefused(
    await gateway.commit("deny-pairing", (deps) =>
      denyPairing(deps, actor, { code, reason: "unknown" }),
    ),
  );
}

const waiting = async () =>
  (await listPairings(gateway.deps(), gateway.ownerActor, { limit: 100 })).items;
const pairings = () =>
  gateway.store.list((db) => db.selectFrom("pairings").selectAll().orderBy("created_at_ms"));

describe("pairing", () => {
  it("lets a person in, with a workspace that their private chat belongs to", async () => {
    const { code, message } = await askForAccess();
    expect(await ada()).toBeUndefined();
    const approved = await approve(` ${code.toUpperCase().replace("-", "")} `);
    expect(approved).toMatchObject({ status: "approved", role: "member" });
    const person = await ada();
    const context = await gateway.store.first(contextById, { id: message.context_id });
    expect(context?.workspace_id).toBe(person?.workspace_id);
    expect((await gateway.say("hello")).message).toMatchObject({
      outcome: "pending",
      trust: "paired",
    });
    const told = await gateway.store.list((db) =>
      db.selectFrom("deliveries").select("body").where("message_id", "is", null),
    );
    expect(told[0]?.body).toContain("You are paired");
  });

  it("holds three open requests a person: a fourth ends the oldest, and says so of it", async () => {
    const codes: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      codes.push((await askForAccess()).code);
      gateway.clock.advance(1_000);
    }
    expect(await waiting()).toHaveLength(3);
    await expect(approve(codes[0] ?? "")).rejects.toThrow("was replaced by a newer request");
    expect((await approve(codes[1] ?? "")).status).toBe("approved");
    await expect(approve(codes[3] ?? "")).rejects.toThrow("was ended when the person was let in");
    expect(await waiting()).toEqual([]);
  });

  it("gives a place back when its code ran out", async () => {
    for (let n = 0; n < 3; n += 1) await askForAccess();
    gateway.clock.advance(10 * 60_000);
    await askForAccess();
    expect((await pairings()).map(({ status }) => status).sort()).toEqual([
      "expired",
      "expired",
      "expired",
      "pending",
    ]);
  });

  it("never opens a fourth, however many ask at once", async () => {
    const input = {
      connector: "telegram",
      externalUserId: "42",
      displayName: "Ann",
    } as const;
    const start = () =>
      gateway.commit("request-pairing", (deps) => requestPairing(deps, gateway.ownerActor, input));
    await Promise.allSettled(Array.from({ length: 8 }, start));
    const open = await waiting();
    expect(open.length).toBeGreaterThan(0);
    expect(open.length).toBeLessThanOrEqual(3);
  });

  it("keeps no code in the store", async () => {
    const { code } = await askForAccess();
    const rows = await gateway.store.list((db) => db.selectFrom("pairings").selectAll());
    expect(JSON.stringify(rows)).not.toContain(code);
    expect(JSON.stringify(rows)).not.toContain(code.replace("-", ""));
  });

  it("takes a code once", async () => {
    const { code } = await askForAccess();
    await approve(code);
    await expect(approve(code)).rejects.toMatchObject({ code: "conflict" });
    await expect(approve("0000-0000")).rejects.toMatchObject({ code: "not_found" });
  });

  it("records that a code ran out instead of letting anybody in", async () => {
    const { code } = await askForAccess();
    gateway.clock.advance(10 * 60_000);
    expect(await waiting()).toEqual([]);
    await expect(approve(code)).rejects.toThrow("ran out at");
    const rows = await gateway.store.list((db) => db.selectFrom("pairings").select("status"));
    expect(rows).toEqual([{ status: "expired" }]);
    expect(await ada()).toBeUndefined();
    await expect(approve(code)).rejects.toThrow("not used in time");
  });

  it("denies, tells so, and lets the person ask again", async () => {
    const { code } = await askForAccess();
    const other = await askForAccess();
    expect((await deny(code)).status).toBe("denied");
    await expect(deny(code)).rejects.toThrow("was denied");
    await expect(approve(code)).rejects.toMatchObject({ code: "conflict" });
    await expect(approve(other.code)).rejects.toThrow("was denied");
    const { status, reason, approver_user_id } = (await pairings())[0] ?? {};
    expect({ status, reason, approver_user_id }).toEqual({
      status: "denied",
      reason: "unknown",
      approver_user_id: gateway.owner.userId,
    });
    expect((await askForAccess()).code).not.toBe(code);
  });

  it("gives nobody a role above the approver's own", async () => {
    const { code } = await askForAccess();
    const admin = await gateway.aPerson("admin", "9");
    const operator = await gateway.aPerson("operator", "10");
    await expect(approve(code, "overlord", admin.actor)).rejects.toMatchObject({
      code: "access_denied",
    });
    await expect(approve(code, "viewer", operator.actor)).rejects.toMatchObject({
      code: "access_denied",
    });
    const claimed: Actor = { ...operator.actor, role: "overlord" };
    await expect(approve(code, "viewer", claimed)).rejects.toMatchObject({ code: "access_denied" });
    expect(await approve(code, "admin", admin.actor)).toMatchObject({ role: "admin" });
  });

  it("decides a double click once", async () => {
    const { code } = await askForAccess();
    const results = await Promise.allSettled([approve(code), approve(code)]);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("happens in private only", async () => {
    const { message, replies } = await gateway.say("/pair", aGroup());
    expect(message.outcome).toBe("answered");
    expect(replies[0]).toContain("private");
    expect(await waiting()).toEqual([]);
  });
});

describe("wrong codes", () => {
  const guess = (actor?: Actor) => approve("0000-0000", undefined, actor);
  const look = async (code: string, actor: Actor = gateway.ownerActor) =>
    unlessRefused(
      await gateway.commit("lookup-pairing", (deps) => lookupPairing(deps, actor, code)),
    );

  it("are few per approver, whichever way they are tried; then right ones are not taken either", async () => {
    const { code } = await askForAccess();
    const admin = await gateway.aPerson("admin", "9");
    await expect(guess(admin.actor)).rejects.toMatchObject({ code: "not_found" });
    await expect(deny("0000-0001", admin.actor)).rejects.toMatchObject({ code: "not_found" });
    await expect(look("0000-0002", admin.actor)).rejects.toMatchObject({ code: "not_found" });
    await expect(guess(admin.actor)).rejects.toMatchObject({ code: "not_found" });
    await expect(guess(admin.actor)).rejects.toMatchObject({ code: "not_found" });
    for (const attempt of [approve(code, "member", admin.actor), deny(code, admin.actor)]) {
      await expect(attempt).rejects.toMatchObject({ code: "rate_limited" });
    }
    await expect(look(code, admin.actor)).rejects.toThrow("Try again in 10 minutes");
    expect(await ada()).toBeUndefined();
    expect((await look(code)).pairing.status).toBe("pending");
    gateway.clock.advance(10 * 60_000);
    await expect(guess(admin.actor)).rejects.toMatchObject({ code: "not_found" });
  });

  it("are few also for whoever tries the owner's link", async () => {
    for (let n = 0; n < 5; n += 1) {
      expect((await gateway.say("/start guess")).message.reason).toBe("not_found");
    }
    expect((await gateway.say("/start guess")).message).toMatchObject({
      outcome: "answered",
      reason: "rate_limited",
    });
  });

  it("are not those that were right once", async () => {
    const { code } = await askForAccess();
    await approve(code);
    for (let n = 0; n < 7; n += 1) {
      await expect(approve(code)).rejects.toThrow("used already");
    }
  });
});

describe("asking for somebody else", () => {
  const ann = { connector: "telegram", externalUserId: "42", displayName: "Ann" } as const;
  const request = (more: Partial<Parameters<typeof requestPairing>[2]> = {}, actor?: Actor) =>
    gateway.commit("request-pairing", (deps) =>
      requestPairing(deps, actor ?? gateway.ownerActor, { ...ann, ...more }),
    );
  const fromAnn = {
    address: { connector: "telegram", account: "900100", externalId: "42" },
    sender: { externalUserId: "42", displayName: "Ann" },
  } as const;

  it("gives a code that lets them in, with the conversation they have written in", async () => {
    const before = await gateway.say("hello", fromAnn);
    const { code } = await request();
    const { userId } = await approve(code, "operator");
    const after = await gateway.say("hello", fromAnn);
    expect(after.message.trust).toBe("paired");
    const context = await gateway.store.first(contextById, { id: before.message.context_id });
    const person = await gateway.store.first(personByExternalId, ann);
    expect(person).toMatchObject({ user_id: userId, role: "operator" });
    expect(context?.workspace_id).toBe(person?.workspace_id);
  });

  it("takes no name for an id, no connector that proves nobody, and nobody who is paired", async () => {
    await expect(request({ externalUserId: "@ann" })).rejects.toMatchObject({
      code: "invalid_input",
    });
    await expect(request({ externalUserId: "007" })).rejects.toMatchObject({
      code: "invalid_input",
    });
    await expect(request({ connector: "api", externalUserId: "42" })).rejects.toMatchObject({
      code: "invalid_input",
    });
    await approve((await request()).code);
    await expect(request()).rejects.toThrow("telegram 42 is paired already");
  });

  it("runs out when it is told to, and never after more than ten minutes", async () => {
    const short = await request({ validMs: 1_000 });
    expect((await request({ validMs: 3_600_000 })).expiresAtMs).toBe(gateway.clock.now() + 600_000);
    gateway.clock.advance(1_000);
    await expect(approve(short.code)).rejects.toThrow("ran out");
  });

  it("links a user there is only for an overlord", async () => {
    const member = await gateway.aPerson("member", "8");
    const admin = await gateway.aPerson("admin", "9");
    const { code } = await request();
    const link = (actor: Actor, more: { targetUserId: string; role?: Role }) =>
      gateway.commit("approve-pairing", (deps) => approvePairing(deps, actor, { code, ...more }));
    const targetUserId = member.userId;
    await expect(link(admin.actor, { targetUserId })).rejects.toMatchObject({
      code: "access_denied",
    });
    const owner = gateway.ownerActor;
    await expect(link(owner, { targetUserId, role: "admin" })).rejects.toMatchObject({
      code: "invalid_input",
    });
    await expect(link(owner, { targetUserId: "usr_nobody" })).rejects.toMatchObject({
      code: "not_found",
    });
    expect(await link(owner, { targetUserId })).toMatchObject({ status: "approved" });
    expect(await gateway.store.first(personByExternalId, ann)).toMatchObject({
      user_id: targetUserId,
      role: "member",
    });
  });
});
