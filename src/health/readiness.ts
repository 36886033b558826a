import { NEVER, withTimeout } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import { AppError, describeError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { laneOf, PRIORITY } from "../core/job/lanes.ts";
import type { Log } from "../core/log.ts";
import { probeById } from "../store/queries/probes.ts";
import type { Store } from "../store/store.ts";

/** A probe this young proves enough. */
const FRESH_MS = 1_000;
const WAIT_MS = 5_000;
/** An unanswered probe is asked again, not repeated, so that they do not pile up; after this long it counts as gone. */
const FORGET_PROBE_MS = 60_000;
const MAX_LAG_MS = 1_000;

export type Readiness =
  | { readonly isReady: true }
  | { readonly isReady: false; readonly reasons: readonly string[] };

export interface ReadinessDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly loopLag: { recentMaxMs(): number };
}

/**
 * Whether the promises can be kept right now: a job written to the store was finished by a worker within the last
 * second or is within five, and the event loop runs. Callers at the same time share one probe. Never rejects.
 */
export function createReadiness(deps: ReadinessDeps): { check(): Promise<Readiness> } {
  const { clock } = deps;
  let checking: Promise<string | undefined> | undefined;
  let finishedAtMs = Number.NEGATIVE_INFINITY;
  let outstanding: { readonly id: string; readonly sinceMs: number } | undefined;

  async function probe(): Promise<string | undefined> {
    if (clock.monotonicMs() - finishedAtMs <= FRESH_MS) return undefined;
    try {
      outstanding = await keepOrEnqueue(deps, outstanding);
    } catch (error) {
      return explain(deps.log, tellWhy("The store takes no writes.", error), error);
    }
    try {
      await waitForProbe(deps, outstanding.id);
    } catch (error) {
      return explain(deps.log, "No worker has finished a probe within 5 seconds.", error);
    }
    outstanding = undefined;
    finishedAtMs = clock.monotonicMs();
    return undefined;
  }

  return {
    async check() {
      checking ??= probe().finally(() => {
        checking = undefined;
      });
      const probed = await checking;
      const lagMs = deps.loopLag.recentMaxMs();
      const reasons = [
        probed,
        lagMs > MAX_LAG_MS ? `The process stood still for ${Math.round(lagMs)} ms.` : undefined,
      ];
      const found = reasons.filter((reason) => reason !== undefined);
      return found.length === 0 ? { isReady: true } : { isReady: false, reasons: found };
    },
  };
}

async function keepOrEnqueue(
  { store, clock }: ReadinessDeps,
  outstanding: { readonly id: string; readonly sinceMs: number } | undefined,
): Promise<{ id: string; sinceMs: number }> {
  const sinceMs = clock.monotonicMs();
  if (outstanding !== undefined && sinceMs - outstanding.sinceMs < FORGET_PROBE_MS)
    return outstanding;
  const id = newId("probe");
  const now = clock.now();
  const result = await store.commit({
    name: "probe",
    actor: "system",
    cause: id,
    now,
    unaudited: true,
    effects: [
      {
        type: "enqueue-job",
        job: {
          id: newId("job"),
          kind: "probe",
          payload: { probeId: id },
          lane: laneOf.probe(id),
          priority: PRIORITY.probe,
          runAtMs: now,
        },
      },
    ],
  });
  if (result !== "committed") throw new AppError("unavailable", "The probe was not accepted.");
  return { id, sinceMs };
}

async function waitForProbe({ store, clock }: ReadinessDeps, id: string): Promise<void> {
  await withTimeout(clock, WAIT_MS, NEVER, (signal) =>
    store.changes.waitFor(
      (change) => change.topic === "probes",
      () => store.first(probeById, { id }),
      signal,
    ),
  );
}

/** What the store says of itself in a sentence for the operator goes along. */
function tellWhy(reason: string, error: unknown): string {
  const isTold = error instanceof AppError && error.code === "unavailable";
  return isTold ? `${reason} ${error.message}` : reason;
}

function explain(log: Log, reason: string, error: unknown): string {
  log.write("warn", "not ready", { reason, error: describeError(error) });
  return reason;
}
