import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import type { Actor } from "../core/access/actor.ts";
import type { Role } from "../core/access/role.ts";
import { contextById } from "../store/queries/contexts.ts";
import { personByExternalId } from "../store/queries/people.ts";
import { approvePairing } from "./approve-pairing.ts";
import { createOwnerLink } from "./create-owner-link.ts";
import { denyPairing } from "./deny-pairing.ts";
import { ensureOwner } from "./ensure-owner.ts";
import { listPairings } from "./list-pairings.ts";

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

function approve(code: string, role?: Role, actor: Actor = gateway.ownerActor) {
  return gateway.commit("approve-pairing", (deps) => approvePairing(deps, actor, { code, role }));
}

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

  it("says of a replaced code that it was replaced", async () => {
    const { code } = await askForAccess();
    await askForAccess();
    await expect(approve(code)).rejects.toThrow("was replaced by a newer request");
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
    expect(await listPairings(gateway.deps(), gateway.ownerActor)).toEqual([]);
    expect((await approve(code)).status).toBe("expired");
    const rows = await gateway.store.list((db) => db.selectFrom("pairings").select("status"));
    expect(rows).toEqual([{ status: "expired" }]);
    expect(await ada()).toBeUndefined();
    await expect(approve(code)).rejects.toMatchObject({ code: "conflict" });
  });

  it("holds one open request a person: a new one ends the one before", async () => {
    const first = await askForAccess();
    const second = await askForAccess();
    expect(await listPairings(gateway.deps(), gateway.ownerActor)).toHaveLength(1);
    await expect(approve(first.code)).rejects.toMatchObject({ code: "conflict" });
    expect((await approve(second.code)).status).toBe("approved");
  });

  it("denies, tells so, and lets the person ask again", async () => {
    const { code } = await askForAccess();
    const deny = () =>
      gateway.commit("deny-pairing", (deps) =>
        denyPairing(deps, gateway.ownerActor, { code, reason: "unknown" }),
      );
    expect((await deny()).status).toBe("denied");
    await expect(deny()).rejects.toMatchObject({ code: "conflict" });
    await expect(approve(code)).rejects.toMatchObject({ code: "conflict" });
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
    expect(await listPairings(gateway.deps(), gateway.ownerActor)).toEqual([]);
  });
});

describe("the owner's link", () => {
  const print = () =>
    gateway.commit("create-owner-link", (deps) => createOwnerLink(deps, { connector: "telegram" }));

  it.each(["/start", "/pair"])("makes the sender the owner by %s, once", async (command) => {
    const { code } = await print();
    const { message, replies } = await gateway.say(`${command} ${code}`);
    expect(message).toMatchObject({ outcome: "answered", reason: null });
    expect(replies[0]).toContain("overlord");
    expect(await ada()).toMatchObject({ user_id: gateway.owner.userId, role: "overlord" });
    const context = await gateway.store.first(contextById, { id: message.context_id });
    expect(context?.workspace_id).toBe(gateway.owner.workspaceId);
    const other = await gateway.say(`/start ${code}`, {
      address: { connector: "telegram", account: "900100", externalId: "8" },
      sender: { externalUserId: "8", displayName: "Eve" },
    });
    expect(other.message).toMatchObject({ outcome: "answered", reason: "conflict" });
  });

  it("runs out after ten minutes, on the record", async () => {
    const { code } = await print();
    gateway.clock.advance(10 * 60_000);
    expect((await gateway.say(`/start ${code}`)).message.reason).toBe("expired");
    expect(await ada()).toBeUndefined();
    const rows = await gateway.store.list((db) => db.selectFrom("pairings").select("status"));
    expect(rows).toEqual([{ status: "expired" }]);
  });

  it("ends when a newer one is printed, and is neither guessed nor approved", async () => {
    const first = await print();
    const second = await print();
    expect((await gateway.say(`/start ${first.code}`)).message.reason).toBe("conflict");
    expect((await gateway.say("/start guess")).message.reason).toBe("not_found");
    await expect(approve(second.code)).rejects.toMatchObject({ code: "not_found" });
    const { code } = await askForAccess();
    expect((await gateway.say(`/start ${code}`)).message.reason).toBe("not_found");
    expect(await ada()).toBeUndefined();
  });

  it("is not redeemed in a group, where others read it", async () => {
    const { code } = await print();
    expect((await gateway.say(`/start ${code}`, aGroup())).replies[0]).toContain("private");
    expect(await ada()).toBeUndefined();
  });
});

describe("the owner", () => {
  it("is made once", async () => {
    const again = await ensureOwner(gateway.deps());
    expect(again).toMatchObject({ effects: [], userId: gateway.owner.userId });
  });
});
