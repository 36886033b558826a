import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aGroup, type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import { contextById } from "../store/queries/contexts.ts";
import { personByExternalId } from "../store/queries/people.ts";
import { approvePairing } from "./approve-pairing.ts";
import { createOwnerLink } from "./create-owner-link.ts";
import { ensureOwner } from "./ensure-owner.ts";
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
    const late = await gateway.say(`/start ${code}`);
    expect(late.message.reason).toBe("conflict");
    expect(late.replies[0]).toContain("ran out");
    expect(await ada()).toBeUndefined();
    const rows = await gateway.store.list((db) => db.selectFrom("pairings").select("status"));
    expect(rows).toEqual([{ status: "expired" }]);
  });

  it("ends when a newer one is printed, and is neither guessed nor approved", async () => {
    const first = await print();
    const second = await print();
    expect((await gateway.say(`/start ${first.code}`)).message.reason).toBe("conflict");
    expect((await gateway.say("/start guess")).message.reason).toBe("not_found");
    const approve = async () =>
      unlessRefused(
        await gateway.commit("approve-pairing", (deps) =>
          approvePairing(deps, gateway.ownerActor, { code: second.code }),
        ),
      );
    await expect(approve()).rejects.toMatchObject({ code: "not_found" });
    const somebody = {
      connector: "telegram",
      externalUserId: "7",
      displayName: "Ada",
    } as const;
    const { code } = await gateway.commit("request-pairing", (deps) =>
      requestPairing(deps, gateway.ownerActor, somebody),
    );
    expect((await gateway.say(`/start ${code}`)).message.reason).toBe("not_found");
    expect(await ada()).toBeUndefined();
  });

  it("is not redeemed in a group, where others read it, and ends there", async () => {
    const { code } = await print();
    const shown = await gateway.say(`/start ${code}`, aGroup());
    expect(shown.message.reason).toBe("conflict");
    expect(shown.replies[0]).toContain("pairing link");
    const again = await gateway.say(`/start ${code}`);
    expect(again.replies[0]).toContain("shown in a group");
    expect(await ada()).toBeUndefined();
  });

  it("ends in a group also when somebody shows it who is paired already", async () => {
    const first = await print();
    await gateway.say(`/start ${first.code}`);
    const { code } = await print();
    await gateway.say(`/start ${code}`, aGroup());
    const rows = await gateway.store.list((db) => db.selectFrom("pairings").select("status"));
    expect(rows.map(({ status }) => status)).toEqual(["approved", "expired"]);
  });
});

describe("the owner", () => {
  it("is made once", async () => {
    const again = await ensureOwner(gateway.deps());
    expect(again).toMatchObject({ effects: [], userId: gateway.owner.userId });
  });
});
