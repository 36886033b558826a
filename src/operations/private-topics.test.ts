import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Gateway, openGateway } from "../../test/support/open-gateway.ts";
import { contextById } from "../store/queries/contexts.ts";
import { personByExternalId } from "../store/queries/people.ts";
import { approvePairing } from "./approve-pairing.ts";
import { createOwnerLink } from "./create-owner-link.ts";
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

const chat = (externalId: string, from = "7") => ({
  address: { connector: "telegram", account: "900100", externalId } as const,
  sender: { externalUserId: from, displayName: "Ada" },
});
const approve = async (code: string) =>
  unlessRefused(
    await gateway.commit("approve-pairing", (deps) =>
      approvePairing(deps, gateway.ownerActor, { code }),
    ),
  );

/** A stranger's chat with two topics, and the chat with a topic of somebody whose id begins alike. */
async function sayEverywhere() {
  const said: string[] = [];
  for (const place of [chat("7"), chat("7:1"), chat("7:2"), chat("70", "70"), chat("70:1", "70")]) {
    said.push((await gateway.say("hello", place)).message.context_id);
  }
  return said;
}

async function areTheirs(contextIds: readonly string[]) {
  const person = { connector: "telegram", externalUserId: "7" };
  const own = (await gateway.store.first(personByExternalId, person))?.workspace_id;
  const rows = contextIds.map((id) => gateway.store.first(contextById, { id }));
  return (await Promise.all(rows)).map((row) => row?.workspace_id === own);
}

describe("the topics of a private chat", () => {
  it("are in the workspace of who was let in, wherever they asked", async () => {
    const said = await sayEverywhere();
    const { replies } = await gateway.say("/pair", chat("7:1"));
    await approve(/pairing approve ([0-9a-z-]+)/u.exec(replies[0] ?? "")?.[1] ?? "");
    expect(await areTheirs(said)).toEqual([true, true, true, false, false]);
  });

  it("are in the owner's workspace once their link is used in one", async () => {
    const said = await sayEverywhere();
    const { code } = await gateway.commit("create-owner-link", (deps) =>
      createOwnerLink(deps, { connector: "telegram" }),
    );
    await gateway.say(`/start ${code}`, chat("7:2"));
    expect(await areTheirs(said)).toEqual([true, true, true, false, false]);
  });

  it("are where the decision is told to who never wrote outside one", async () => {
    const { message } = await gateway.say("hello", chat("7:1"));
    await gateway.say("hello", chat("70", "70"));
    const input = { connector: "telegram", externalUserId: "7", displayName: "Ada" } as const;
    const { code } = await gateway.commit("request-pairing", (deps) =>
      requestPairing(deps, gateway.ownerActor, input),
    );
    const { effects } = await approve(code);
    const told = effects.filter(({ type }) => type === "queue-delivery");
    expect(told).toMatchObject([{ contextId: message.context_id }]);
  });
});
