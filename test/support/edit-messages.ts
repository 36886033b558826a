import type { InboundMessage } from "../../src/core/message/inbound-message.ts";
import type { Gateway, Handled } from "./open-gateway.ts";

/** `answered`, `dropped(replaced)`, … */
export function outcomeOf(handled: Handled | undefined): string | undefined {
  const { outcome, reason } = handled?.message ?? {};
  return reason === null ? outcome : `${outcome}(${reason})`;
}

/** Somebody who edits what they said, on a gateway. */
export function editMessages(gateway: Gateway) {
  let edits = 0;
  const chatOf = ({ address }: Partial<InboundMessage>) => address?.externalId ?? "7";
  return {
    /** Message 1 of its chat. */
    first: (text: string, more: Partial<InboundMessage> = {}): InboundMessage =>
      gateway.aMessage({ externalMessageId: `${chatOf(more)}:1`, text, ...more }),

    /** The edit of a message by its number, later than all before it. */
    anEdit(number: number, text: string, more: Partial<InboundMessage> = {}): InboundMessage {
      edits += 1;
      return gateway.aMessage({
        externalMessageId: `${chatOf(more)}:${number}:${edits}.x`,
        editOf: `${chatOf(more)}:${number}`,
        kind: "edit",
        text,
        sentAtMs: gateway.clock.now() + edits,
        ...more,
      });
    },

    /** Receives all of it at once, works, and tells what became of each. */
    async receive(...batch: readonly InboundMessage[]): Promise<Handled[]> {
      const { messages } = await gateway.receive(batch);
      await gateway.work();
      return await Promise.all(messages.map(({ id }) => gateway.handled(id)));
    },

    /** A worker has begun to answer. */
    async begin(runId: string | null | undefined): Promise<void> {
      const move = { from: ["queued"], to: "running", model: "m", error: null } as const;
      await gateway.commit("begin-turn", async () => ({
        effects: [{ type: "move-run", id: runId ?? "", ...move }],
        seen: [],
      }));
    },
  };
}
