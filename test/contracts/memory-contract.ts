import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { EffectOf } from "../../src/core/effect/effect.ts";
import { newId } from "../../src/core/ids.ts";
import { conversationStart } from "../../src/store/queries/conversation.ts";
import {
  lastRuleNumber,
  rulesOfContext,
  summaryOfContext,
} from "../../src/store/queries/memory.ts";
import { aConversation, type Conversation, commit } from "./fixtures.ts";
import { aDelivery } from "./guard-rows.ts";
import type { OpenedBackend, StoreBackend } from "./store-backend.ts";

/** What every store must hold together about what is kept of a conversation. */
export function memoryContract(kind: StoreBackend): void {
  describe(`memory on ${kind.name}`, () => {
    let backend: OpenedBackend;
    let place: Conversation;
    let contextId: string;
    beforeEach(async () => {
      backend = await kind.open();
      const { ids, effects } = aConversation();
      place = ids;
      contextId = ids.contextId;
      await commit(backend, effects);
    });
    afterEach(() => backend.close());

    const rule = (number: number, text: string, messageId = newId("msg")) =>
      ({ type: "pin-rule", contextId, number, messageId, text }) as const;
    const rules = async () =>
      (await backend.store.all(rulesOfContext, { contextId })).map((one) => one.text);
    const summary = (
      fromVersion: number,
      text: string,
      startSeq = 0,
    ): EffectOf<"write-summary"> => ({
      type: "write-summary",
      contextId,
      startSeq,
      fromVersion,
      text,
      upToMessageSeq: 7,
      upToReplySeq: 5,
      taintedBy: ["the page x"],
    });

    test("keeps the rules of a conversation in order until they are dropped, and no number twice", async () => {
      await commit(backend, [rule(1, "one"), rule(2, "two"), rule(3, "three")]);
      expect(await commit(backend, [{ type: "drop-rule", contextId, number: 3 }])).toBe(
        "committed",
      );
      expect(await rules()).toEqual(["one", "two"]);
      expect(await backend.store.first(lastRuleNumber, { contextId })).toEqual({ number: 3 });
      expect(await commit(backend, [{ type: "drop-rule", contextId, number: 3 }])).toBe("conflict");
    });

    test("takes a rule of a message once, and one under each number: what is beside it is decided again", async () => {
      await commit(backend, [rule(1, "one", "msg_1")]);
      expect(await commit(backend, [rule(2, "one", "msg_1")])).toBe("conflict");
      expect(await commit(backend, [rule(1, "another", "msg_2")])).toBe("conflict");
      expect(await rules()).toEqual(["one"]);
    });

    test("replaces a summary only by one that was made of it", async () => {
      expect(await commit(backend, [summary(0, "first")])).toBe("committed");
      expect(await commit(backend, [summary(0, "beside it")])).toBe("conflict");
      expect(await commit(backend, [summary(1, "second")])).toBe("committed");
      expect(await commit(backend, [summary(1, "late")])).toBe("conflict");
      expect(await backend.store.first(summaryOfContext, { contextId, startSeq: 0 })).toMatchObject(
        {
          text: "second",
          up_to_message_seq: 7,
          up_to_reply_seq: 5,
          tainted_by: '["the page x"]',
          version: 2,
        },
      );
    });

    test("begins a conversation anew after a message, once, with a summary of its own", async () => {
      const begin = (messageSeq: number) =>
        ({ type: "begin-conversation", contextId, messageSeq }) as const;
      const start = async (beforeSeq: number) =>
        await backend.store.first(conversationStart, { contextId, beforeSeq });
      await commit(backend, [summary(0, "old"), aDelivery(place)]);
      expect(await commit(backend, [begin(7)])).toBe("committed");
      expect(await commit(backend, [begin(7)])).toBe("conflict");
      expect(await commit(backend, [begin(9), summary(0, "new", 9)])).toBe("committed");

      const [reply] = await backend.store.list((db) => db.selectFrom("deliveries").select("seq"));
      expect(reply?.seq).toBeGreaterThan(0);
      expect(await start(7)).toBeUndefined();
      expect(await start(8)).toEqual({ message_seq: 7, reply_seq: reply?.seq });
      expect(await start(10)).toEqual({ message_seq: 9, reply_seq: reply?.seq });
      const texts = [0, 7, 9].map(async (startSeq) => {
        return (await backend.store.first(summaryOfContext, { contextId, startSeq }))?.text;
      });
      expect(await Promise.all(texts)).toEqual(["old", undefined, "new"]);
    });
  });
}
