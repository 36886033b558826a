import type { Effect } from "../core/effect/effect.ts";
import { counterOf } from "../store/queries/counters.ts";
import type { OperationDeps } from "./operation.ts";

/** The effect that takes one of `limit` in this window; `undefined` when none is left. */
export async function takeFromCounter(
  { store, now }: OperationDeps,
  {
    key,
    windowMs,
    limit,
  }: { readonly key: string; readonly windowMs: number; readonly limit: number },
): Promise<Effect | undefined> {
  const windowStartMs = Math.floor(now / windowMs) * windowMs;
  const counter = await store.first(counterOf, { key, windowStartMs });
  if ((counter?.count ?? 0) >= limit) return undefined;
  return { type: "count", key, windowStartMs, limit };
}
