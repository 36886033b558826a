import type { Clock } from "../core/clock.ts";
import { newId } from "../core/ids.ts";
import type { InboundMessage } from "../core/message/inbound-message.ts";
import {
  type Received,
  type ReceiveOptions,
  receiveMessages,
} from "../operations/receive-messages.ts";
import { commitDecision } from "../store/commit-decision.ts";
import type { Store } from "../store/store.ts";

interface Deps {
  readonly store: Store;
  readonly clock: Clock;
}

type Options = Omit<ReceiveOptions, "firstId">;

/** Settles once the batch and then its cursor are committed; only then may the platform forget it. */
export async function receiveBatch(
  deps: Deps,
  batch: readonly InboundMessage[],
  options: Options = {},
): Promise<Received["messages"]> {
  const { cursor: _, ...withoutCursor } = options;
  const parts = splitAtMoves(batch);
  const messages: Received["messages"][number][] = [];
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    messages.push(...(await receive(deps, part, isLast ? options : withoutCursor)));
  }
  return messages;
}

/** A move changes which conversations there are: what comes before and after it in a batch is decided apart from it. */
function splitAtMoves(batch: readonly InboundMessage[]): readonly (readonly InboundMessage[])[] {
  const parts: InboundMessage[][] = [[]];
  for (const message of batch) {
    const [last] = parts.at(-1) ?? [];
    const isApart = last !== undefined && (last.movedFrom ?? message.movedFrom) !== undefined;
    if (isApart) parts.push([]);
    parts.at(-1)?.push(message);
  }
  return parts;
}

async function receive(
  deps: Deps,
  batch: readonly InboundMessage[],
  options: Options,
): Promise<Received["messages"]> {
  const firstId = newId("msg");
  const step = { name: "receive-messages", actor: "system", cause: firstId };
  const { messages } = await commitDecision(deps, step, (now) =>
    receiveMessages({ store: deps.store, now }, batch, { ...options, firstId }),
  );
  return messages;
}
