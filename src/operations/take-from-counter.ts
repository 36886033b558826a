import type { EpochMs } from "../core/clock.ts";
import type { EffectOf } from "../core/effect/effect.ts";
import { counterOf } from "../store/queries/counters.ts";
import type { OperationDeps } from "./operation.ts";

export interface CounterLimit {
  readonly key: string;
  /** From the first one taken; the next window begins with the first one after it. */
  readonly windowMs: number;
  readonly limit: number;
}

/** The effect that takes one of `limit` in this window; `undefined` when none is left. */
export async function takeFromCounter(
  deps: OperationDeps,
  counter: CounterLimit,
): Promise<EffectOf<"count"> | undefined> {
  const fullUntilMs = await counterFullUntil(deps, counter);
  return fullUntilMs === undefined ? { type: "count", ...counter } : undefined;
}

/** When the counter takes more again; `undefined` when it takes more now. */
export async function counterFullUntil(
  { store, now }: OperationDeps,
  { key, windowMs, limit }: CounterLimit,
): Promise<EpochMs | undefined> {
  const row = await store.first(counterOf, { key });
  if (row === undefined || row.count < limit) return undefined;
  const endsMs = row.window_start_ms + windowMs;
  const isOpen = row.window_start_ms <= now && now < endsMs;
  return isOpen ? endsMs : undefined;
}
