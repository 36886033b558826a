import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Effect } from "../../src/core/effect/effect.ts";
import { contextByAddress } from "../../src/store/queries/contexts.ts";
import { aConversation, type Conversation, commit } from "./fixtures.ts";
import type { OpenedBackend, StoreBackend } from "./store-backend.ts";

const at = (externalId: string) => ({ connector: "telegram", account: "77", externalId }) as const;

/** Where an address leads when chats get other ids. */
export function addressContract(kind: StoreBackend): void {
  describe(`addresses on ${kind.name}`, () => {
    let backend: OpenedBackend;
    let group: Conversation;
    beforeEach(async () => {
      backend = await kind.open();
      const { ids, effects } = aConversation("-55");
      group = ids;
      await write(effects);
    });
    afterEach(async () => {
      await backend.close();
    });

    async function write(effects: readonly Effect[]): Promise<void> {
      expect(await commit(backend, effects)).toBe("committed");
    }
    const leadsTo = async (externalId: string) =>
      (await backend.store.first(contextByAddress, at(externalId)))?.id;
    const move = (id: string, fromExternalId: string, toExternalId: string): Effect => ({
      type: "relocate-context",
      id,
      fromExternalId,
      toExternalId,
    });
    const forward = (externalId: string, contextId: string): Effect => ({
      type: "forward-address",
      address: at(externalId),
      contextId,
    });

    test("leads from every address that a chat has left to where it went", async () => {
      const { contextId } = group;
      await write([move(contextId, "-55", "-56"), forward("-55", contextId)]);
      await write([move(contextId, "-56", "-10056"), forward("-56", contextId)]);
      for (const address of ["-55", "-56", "-10056"]) {
        expect(await leadsTo(address)).toBe(contextId);
      }
      expect(await leadsTo("-5")).toBeUndefined();
      const elsewhere = { ...at("-55"), account: "78" };
      expect(await backend.store.first(contextByAddress, elsewhere)).toBeUndefined();
    });

    test("leads past what stepped aside to the address that a chat has left", async () => {
      const { ids: early, effects } = aConversation("-10055");
      await write([
        ...effects,
        move(early.contextId, "-10055", "moving"),
        move(group.contextId, "-55", "-10055"),
        move(early.contextId, "moving", "-55"),
        forward("-55", group.contextId),
      ]);
      expect(await leadsTo("-55")).toBe(group.contextId);
      expect(await leadsTo("-10055")).toBe(group.contextId);
    });

    test("goes on leading where an address led", async () => {
      const { ids: other, effects } = aConversation("-99");
      await write([...effects, forward("-55", other.contextId)]);
      await write([forward("-55", group.contextId)]);
      expect(await leadsTo("-55")).toBe(other.contextId);
    });

    test("makes no conversation at an address that a chat has left", async () => {
      const { contextId } = group;
      await write([move(contextId, "-55", "-10055"), forward("-55", contextId)]);
      expect(await commit(backend, aConversation("-55").effects)).toBe("conflict");
      const contexts = await backend.store.list((db) => db.selectFrom("contexts").select("id"));
      expect(contexts).toEqual([{ id: contextId }]);
    });
  });
}
