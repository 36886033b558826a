import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Effect, EffectOf } from "../../src/core/effect/effect.ts";
import { newId } from "../../src/core/ids.ts";
import { messageById } from "../../src/store/queries/messages.ts";
import { aConversation, aMessage, aTask, type Conversation, commit } from "./fixtures.ts";
import { aRun } from "./guard-rows.ts";
import type { OpenedBackend, StoreBackend } from "./store-backend.ts";

/** When a message may be replaced by what its sender has made of it. */
export function editContract(kind: StoreBackend): void {
  describe(`edits on ${kind.name}`, () => {
    let backend: OpenedBackend;
    let place: Conversation;
    beforeEach(async () => {
      backend = await kind.open();
      const { ids, effects } = aConversation();
      place = ids;
      expect(await commit(backend, effects)).toBe("committed");
    });
    afterEach(async () => {
      await backend.close();
    });

    const read = (id: string) => backend.store.first(messageById, { id });
    const replace = (id: string, editId: string): Effect => ({
      type: "replace-message",
      id,
      editId,
    });
    const anEdit = (more: Partial<EffectOf<"record-message">> = {}) => ({
      ...aMessage(place.contextId, "1001:1:5.abc"),
      kind: "edit" as const,
      editOf: "1001:1",
      text: "mended",
      addressed: false,
      replyToExternalId: "1001:9",
      payload: "{}",
      ...more,
    });

    test("gives a pending message all that its edit says, and leaves its place and its sender", async () => {
      const message = aMessage(place.contextId, "1001:1");
      const edit = anEdit();
      expect(await commit(backend, [message, edit])).toBe("committed");
      const before = await read(message.id);
      expect(await commit(backend, [replace(message.id, edit.id)])).toBe("committed");
      expect(await read(message.id)).toEqual({
        ...before,
        text: "mended",
        addressed: 0,
        reply_to_external_id: "1001:9",
        payload: "{}",
        version: 2,
      });
      expect(await read(edit.id)).toMatchObject({ text: "mended", outcome: "pending", version: 1 });
    });

    test.each<[string, Partial<EffectOf<"record-message">>]>([
      ["by somebody else", { senderExternalId: "6" }],
      ["by nobody", { senderExternalId: null }],
      ["of another message", { editOf: "1001:2" }],
      ["that is no edit", { kind: "message" }],
      ["on another channel", { address: { connector: "web", account: "77", externalId: "1001" } }],
      ["of another bot", { address: { connector: "telegram", account: "78", externalId: "1001" } }],
    ])("takes nothing from an edit %s", async (_what, more) => {
      const message = aMessage(place.contextId, "1001:1");
      const edit = anEdit(more);
      expect(await commit(backend, [message, edit])).toBe("committed");
      expect(await commit(backend, [replace(message.id, edit.id)])).toBe("conflict");
      expect(await read(message.id)).toMatchObject({ text: "hello", version: 1 });
    });

    test("takes nothing from an edit that is handled, nor from itself", async () => {
      const message = aMessage(place.contextId, "1001:1");
      const edit = anEdit();
      expect(await commit(backend, [message, edit])).toBe("committed");
      expect(await commit(backend, [replace(edit.id, edit.id)])).toBe("conflict");
      const decide: Effect = {
        type: "decide-message",
        id: edit.id,
        rule: "conversation",
        identityId: null,
        trust: "paired",
        runId: null,
        taskId: null,
        outcome: "pending",
        reason: null,
      };
      expect(await commit(backend, [decide, replace(message.id, edit.id)])).toBe("conflict");
      const newer = anEdit({
        ...aMessage(place.contextId, "1001:1:6.abc"),
        kind: "edit",
        editOf: "1001:1",
        text: "newest",
      });
      expect(await commit(backend, [decide, newer])).toBe("committed");
      expect(await commit(backend, [replace(edit.id, newer.id)])).toBe("committed");
      expect(await read(edit.id)).toMatchObject({ text: "newest" });
      const other = anEdit({
        ...aMessage(place.contextId, "1001:2:6.abc"),
        kind: "edit",
        editOf: "1001:2",
      });
      expect(await commit(backend, [other])).toBe("committed");
      expect(await commit(backend, [replace(edit.id, other.id)])).toBe("conflict");
    });

    test("takes nothing once the message or the edit is settled", async () => {
      const message = aMessage(place.contextId, "1001:1");
      const edit = anEdit();
      const settle = (id: string): Effect => ({
        type: "settle-message",
        id,
        outcome: "dropped",
        reason: "test",
      });
      expect(await commit(backend, [message, edit])).toBe("committed");
      for (const id of [message.id, edit.id]) {
        expect(await commit(backend, [settle(id), replace(message.id, edit.id)])).toBe("conflict");
      }
    });

    test("gives its words to a message whose task waits for a person's say, and to no other", async () => {
      const message = aMessage(place.contextId, "1001:1");
      const edit = anEdit();
      const [task] = aTask(place, newId("idn"));
      const waiting = { ...task, messageId: message.id, waits: true as const };
      const decide: Effect = {
        type: "decide-message",
        id: message.id,
        rule: "triage:issue",
        identityId: null,
        trust: "stranger",
        runId: null,
        taskId: waiting.id,
        outcome: "task",
        reason: null,
      };
      expect(await commit(backend, [message, edit, waiting, decide])).toBe("committed");
      expect(await commit(backend, [replace(message.id, edit.id)])).toBe("committed");
      expect(await read(message.id)).toMatchObject({ text: "mended", outcome: "task" });
      const start: Effect = {
        type: "move-task",
        id: waiting.id,
        from: ["blocked"],
        to: "queued",
        runId: null,
        resultSummary: null,
        resultText: null,
        errorMessage: null,
      };
      expect(await commit(backend, [start, replace(message.id, edit.id)])).toBe("conflict");
      const run = aRun(place);
      const begin: Effect = { ...start, to: "running", runId: run.id };
      const stop: Effect = { ...begin, from: ["running"], to: "blocked" };
      const before = await read(message.id);
      const worked: readonly Effect[] = [run, begin, stop];
      expect(await commit(backend, [...worked, replace(message.id, edit.id)])).toBe("conflict");
      expect(await read(message.id)).toEqual(before);
      const [other] = aTask(place, newId("idn"));
      const second = aMessage(place.contextId, "1001:3");
      const edited = anEdit({ ...aMessage(place.contextId, "1001:3:5.abc"), editOf: "1001:3" });
      const others: readonly Effect[] = [
        { ...other, waits: true },
        second,
        { ...edited, kind: "edit" },
        { ...decide, id: second.id, taskId: other.id },
      ];
      expect(await commit(backend, others)).toBe("committed");
      expect(await commit(backend, [replace(second.id, edited.id)])).toBe("conflict");
    });

    test("takes nothing once the answer to what the message said has begun", async () => {
      const message = aMessage(place.contextId, "1001:1");
      const edit = anEdit();
      const run = { ...aRun(place), messageId: message.id };
      expect(await commit(backend, [message, edit, run])).toBe("committed");
      expect(await commit(backend, [replace(message.id, edit.id)])).toBe("committed");
      const begin: Effect = {
        type: "move-run",
        id: run.id,
        from: ["queued"],
        to: "running",
        model: "m",
        error: null,
      };
      expect(await commit(backend, [begin, replace(message.id, edit.id)])).toBe("conflict");
      await commit(backend, [{ ...begin, to: "failed" }]);
    });
  });
}
