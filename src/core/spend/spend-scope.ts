import { type EpochMs, toIso } from "../clock.ts";

/** What a sum of money is counted for, and how much of it there may be. */
export interface SpendScope {
  /** `day:2026-11-21`, `work:task_…`, `user:usr_…:2026-11-21`, `key:key_…:2026-11-21`, `workspace:ws_…:2026-11-21` */
  readonly key: string;
  /** The day it began; the row of a day that is long over is swept. */
  readonly day: string;
  /** Millionths of a dollar; `null` when there is no cap. */
  readonly capMicroUsd: number | null;
}

/** Caps in millionths of a dollar; `null` where there is none. */
export interface SpendCaps {
  /** Of everybody together in a day. */
  readonly daily: number | null;
  /** Of one turn or one task, over its restarts. */
  readonly run: number | null;
  /** Of each person, each key and each workspace the work is for, in a day. */
  readonly user: number | null;
  readonly key: number | null;
  readonly workspace: number | null;
}

/** What a call is counted for, besides the day. */
export interface SpendFor {
  readonly workId: string;
  readonly userId: string | null;
  /** Of work that was asked for with a key of the API; it is then counted for the key, not for a person. */
  readonly keyId: string | null;
  readonly workspaceId: string;
}

/** How long the sums of a day are kept; a task that waits longer begins its own anew. */
export const KEEP_SPEND_DAYS = 90;

/** Days are those of UTC, everywhere the same. */
export function spendDay(now: EpochMs): string {
  return toIso(now).slice(0, 10);
}

/** Every scope that one call counts in. */
export function spendScopes(call: SpendFor, caps: SpendCaps, day: string): readonly SpendScope[] {
  const scope = (key: string, capMicroUsd: number | null): SpendScope => ({
    key,
    day,
    capMicroUsd,
  });
  return [
    scope(`day:${day}`, caps.daily),
    scope(`work:${call.workId}`, caps.run),
    ...askerScope(call, caps, day),
    scope(`workspace:${call.workspaceId}:${day}`, caps.workspace),
  ];
}

/** That of the person or the key alone; nothing of work that nobody asked for. */
export function askerScope(
  { userId, keyId }: Pick<SpendFor, "userId" | "keyId">,
  caps: Pick<SpendCaps, "user" | "key">,
  day: string,
): readonly SpendScope[] {
  if (keyId !== null) return [{ key: `key:${keyId}:${day}`, day, capMicroUsd: caps.key }];
  if (userId === null) return [];
  return [{ key: `user:${userId}:${day}`, day, capMicroUsd: caps.user }];
}

export type SpendScopeKind = "day" | "work" | "user" | "key" | "workspace";

export function capOfKind(kind: SpendScopeKind, caps: SpendCaps): number | null {
  return kind === "day" ? caps.daily : kind === "work" ? caps.run : caps[kind];
}

/** What a scope's key counts for. */
export function kindOfScope({ key }: Pick<SpendScope, "key">): SpendScopeKind {
  return key.slice(0, key.indexOf(":")) as SpendScopeKind;
}
