import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { Clock, EpochMs } from "../core/clock.ts";
import type { DeliveryState } from "../core/delivery/delivery.ts";
import type { Decision } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import type { Settle } from "../core/job/job.ts";
import type { Log } from "../core/log.ts";
import type { ConnectorName } from "../core/message/inbound-message.ts";
import type { JobContext } from "../orchestrator/job-handler.ts";
import type { DeliveryRow } from "../store/queries/deliveries.ts";
import type { Store } from "../store/store.ts";
import { type DeliveryProgress, moved, moveTo } from "./delivery-progress.ts";
import { notifyAdmins } from "./notify-admins.ts";
import type { OfflineTimes } from "./offline-times.ts";
import type { Channel } from "./ports.ts";
import type { SendPace } from "./send-pace.ts";

export interface DeliverDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly channels: ReadonlyMap<ConnectorName, Channel>;
  /** 0 to 1: spreads retries. */
  readonly random: () => number;
  readonly log: Log;
}

/** One run of the job: what its steps share. */
export interface Run extends DeliverDeps {
  readonly context: JobContext<"deliver">;
  readonly row: DeliveryRow;
  readonly channel: Channel;
  readonly pace: SendPace;
  readonly offline: OfflineTimes;
}

/** The delivery and its later parts are dead: a half reply that goes on after a gap misleads. */
export async function die(run: Run, progress: DeliveryProgress, error: string): Promise<undefined> {
  await settle(run, { kind: "dead", error }, async (now) => {
    const move = moveTo(progress, "dead", error);
    const end = await notifyAdmins(run.store, run.row, error, now);
    return { effects: [...move.effects, ...end.effects], seen: [...move.seen, ...end.seen] };
  });
}

export async function bury(
  store: Store,
  row: DeliveryRow,
  error: string,
  now: EpochMs,
): Promise<Decision> {
  const end = await notifyAdmins(store, row, error, now);
  return {
    seen: end.seen,
    effects: [
      {
        type: "move-delivery",
        id: row.id,
        fromVersion: row.version,
        to: "dead",
        parts: null,
        partsSent: row.parts_sent,
        receipts: row.receipts,
        // What was under way may have arrived: it is marked when it is replayed.
        marked: row.marked !== 0 || row.state === "sending" || row.state === "unknown",
        error,
      },
      ...end.effects,
    ],
  };
}

/** An intermediate commit. The claim keeps everybody else away, so a conflict means the row was changed by hand. */
export async function advance(
  run: Run,
  progress: DeliveryProgress,
  to: DeliveryState,
  error: string | null,
) {
  const result = await run.context.commit({
    ...moveTo(progress, to, error),
    name: "deliver",
    actor: SYSTEM_ACTOR.id,
    now: run.clock.now(),
  });
  if (result !== "committed")
    throw new AppError("unavailable", "the delivery was changed while it was sent");
  return moved(progress, to);
}

export async function settle(
  run: Pick<Run, "context">,
  end: Settle,
  decide: (now: EpochMs) => Decision | Promise<Decision>,
): Promise<void> {
  await run.context.settle(async (now) => ({
    ...(await decide(now)),
    name: "deliver",
    actor: SYSTEM_ACTOR.id,
    settle: end,
  }));
}
