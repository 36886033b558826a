import type { Effect } from "../core/effect/effect.ts";
import type { OperationDeps } from "../operations/operation.ts";
import type { ModelDeps } from "../operations/start-model.ts";
import { takeFromCounter } from "../operations/take-from-counter.ts";
import type { MessageFacts } from "./message-facts.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A sender's share of a minute: the effects that use one of it, or `undefined` when it is used up. */
export async function takeFromRate(
  deps: OperationDeps,
  facts: MessageFacts,
  maxPerMinute: number,
): Promise<readonly Effect[] | undefined> {
  if (maxPerMinute === 0) return [];
  const key = `inbound:${senderKey(facts)}`;
  const one = await takeFromCounter(deps, { key, windowMs: MINUTE_MS, limit: maxPerMinute });
  return one === undefined ? undefined : [one];
}

/** The effect that makes sure a stranger reads the hint only once an hour; `undefined` when they have read it. */
export function takeHint(deps: OperationDeps, facts: MessageFacts): Promise<Effect | undefined> {
  const key = `hint:${senderKey(facts)}`;
  return takeFromCounter(deps, { key, windowMs: HOUR_MS, limit: 1 });
}

/** The same for the notice that somebody writes too fast, once a minute. */
export function takeRateNotice(
  deps: OperationDeps,
  facts: MessageFacts,
): Promise<Effect | undefined> {
  const key = `rate-notice:${senderKey(facts)}`;
  return takeFromCounter(deps, { key, windowMs: MINUTE_MS, limit: 1 });
}

/** The same for the notice that they asked the model too often, once a window. */
export function takeModelNotice(deps: ModelDeps, userId: string): Promise<Effect | undefined> {
  const windowMs = deps.modelRules.rateLimitWindowSeconds * 1_000;
  return takeFromCounter(deps, { key: `model-notice:${userId}`, windowMs, limit: 1 });
}

const ROUTED_WINDOW_MS = 10 * MINUTE_MS;
const MOST_ROUTED_OF_SENDER = 5;
const MOST_ROUTED_OF_GROUP = 60;

/**
 * A share of what triage may make tasks of, for a person and for a group; `undefined` when either has used it up. Strangers
 * have one of their own, so that however many write, what people of the group report is followed up.
 */
export async function takeRouted(
  deps: OperationDeps,
  facts: MessageFacts,
): Promise<readonly Effect[] | undefined> {
  const sender = await takeFromCounter(deps, {
    key: `routed:${senderKey(facts)}`,
    windowMs: ROUTED_WINDOW_MS,
    limit: MOST_ROUTED_OF_SENDER,
  });
  const whose = facts.person === undefined ? "strangers:" : "";
  const group = await takeFromCounter(deps, {
    key: `routed:${whose}${facts.context.id}`,
    windowMs: ROUTED_WINDOW_MS,
    limit: MOST_ROUTED_OF_GROUP,
  });
  return sender === undefined || group === undefined ? undefined : [sender, group];
}

/** The effect that makes sure a person reads only now and then that what they wrote was noted. */
export function takeRoutedNotice(
  deps: OperationDeps,
  facts: MessageFacts,
): Promise<Effect | undefined> {
  const key = `routed-notice:${senderKey(facts)}`;
  return takeFromCounter(deps, { key, windowMs: ROUTED_WINDOW_MS, limit: 1 });
}

function senderKey({ message, person }: MessageFacts): string {
  return `${message.connector}:${person?.identity_id ?? message.sender_external_id ?? ""}`;
}
