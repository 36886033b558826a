import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { messageById } from "../store/queries/messages.ts";
import type { RunRow } from "../store/queries/runs.ts";
import type { Reader } from "../store/store.ts";
import { endOpenWork } from "./end-open-work.ts";
import type { OperationDeps } from "./operation.ts";
import { otherParts } from "./parts-of-album.ts";

/**
 * Ends a run that nobody works on at this moment as cancelled: everything it has open, and the message a turn would have answered.
 */
export async function endCancelledRun(
  deps: OperationDeps,
  run: RunRow,
  by: string,
): Promise<Decision> {
  const why = { what: "cancelled", by } as const;
  const open = await endOpenWork(deps, run.id, { state: "unknown", error: "cancelled", why });
  const effects: Effect[] = [
    ...open.effects,
    {
      type: "move-run",
      id: run.id,
      from: [run.state],
      to: "cancelled",
      model: null,
      error: "cancelled",
    },
  ];
  for (const id of await messagesToEnd(deps.store, run)) {
    effects.push({ type: "settle-message", id, outcome: "failed", reason: "cancelled" });
  }
  return { effects, seen: [...open.seen, { table: "runs", id: run.id, version: run.version }] };
}

/** The message a turn would have answered; of an album every part. */
async function messagesToEnd(store: Reader, run: RunRow): Promise<readonly string[]> {
  if (run.kind !== "turn" || run.message_id === null) return [];
  const message = await store.first(messageById, { id: run.message_id });
  if (message === undefined) return [];
  const others = await otherParts(store, { runId: run.id, message });
  const all = message.outcome === "pending" ? [message, ...others] : others;
  return all.map(({ id }) => id);
}
