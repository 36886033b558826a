import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { messageById } from "../store/queries/messages.ts";
import { type RunRow, reservationsOfRun, startedStepsOfRun } from "../store/queries/runs.ts";
import type { Reader } from "../store/store.ts";
import { otherParts } from "./parts-of-album.ts";

/**
 * Ends a run that nobody works on at this moment as cancelled: its open step (whose end is unknown), what was
 * reserved for it, and the message a turn would have answered.
 */
export async function endCancelledRun(store: Reader, run: RunRow): Promise<Decision> {
  const steps = await store.all(startedStepsOfRun, { runId: run.id });
  const reserved = await store.all(reservationsOfRun, { runId: run.id });
  const effects: Effect[] = [
    ...steps.map(
      ({ id }): Effect => ({
        type: "end-step",
        id,
        state: "unknown",
        result: null,
        error: "cancelled",
      }),
    ),
    // Nobody knows what the stopped call has cost.
    ...reserved.map(
      ({ id, reserved_micro_usd: costMicroUsd }): Effect => ({
        type: "settle-usage",
        id,
        state: "settled",
        inputTokens: 0,
        outputTokens: 0,
        costMicroUsd,
      }),
    ),
    {
      type: "move-run",
      id: run.id,
      from: [run.state],
      to: "cancelled",
      model: null,
      error: "cancelled",
    },
  ];
  for (const id of await messagesToEnd(store, run)) {
    effects.push({ type: "settle-message", id, outcome: "failed", reason: "cancelled" });
  }
  return { effects, seen: [{ table: "runs", id: run.id, version: run.version }] };
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
