import type { Effect } from "../core/effect/effect.ts";
import type { OperationDeps } from "../operations/operation.ts";
import { counterOf } from "../store/queries/counters.ts";
import type { MessageFacts } from "./message-facts.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** The counter effect that takes one of `limit` in this window; `undefined` when none is left. */
async function takeOne(
  { store, now }: OperationDeps,
  key: string,
  windowMs: number,
  limit: number,
): Promise<Effect | undefined> {
  const windowStartMs = Math.floor(now / windowMs) * windowMs;
  const counter = await store.first(counterOf, { key, windowStartMs });
  if ((counter?.count ?? 0) >= limit) return undefined;
  return { type: "count", key, windowStartMs, limit };
}

/** A sender's share of this minute: the effects that use one of it, or `undefined` when it is used up. */
export async function takeFromRate(
  deps: OperationDeps,
  facts: MessageFacts,
  maxPerMinute: number,
): Promise<readonly Effect[] | undefined> {
  if (maxPerMinute === 0) return [];
  const one = await takeOne(deps, `inbound:${senderKey(facts)}`, MINUTE_MS, maxPerMinute);
  return one === undefined ? undefined : [one];
}

/** The effect that makes sure a stranger reads the hint only once an hour; `undefined` when they have read it. */
export function takeHint(deps: OperationDeps, facts: MessageFacts): Promise<Effect | undefined> {
  return takeOne(deps, `hint:${senderKey(facts)}`, HOUR_MS, 1);
}

/** The same for the notice that somebody writes too fast, once a minute. */
export function takeRateNotice(
  deps: OperationDeps,
  facts: MessageFacts,
): Promise<Effect | undefined> {
  return takeOne(deps, `rate-notice:${senderKey(facts)}`, MINUTE_MS, 1);
}

function senderKey({ message, person }: MessageFacts): string {
  return `${message.connector}:${person?.identity_id ?? message.sender_external_id ?? ""}`;
}
