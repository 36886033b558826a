import { type EpochMs, toIso } from "../clock.ts";

/** What a sum of money is counted for, and how much of it there may be. */
export interface SpendScope {
  /** `day:2026-11-21`, `work:tsk_…`, `user:usr_…:2026-11-21`, `workspace:ws_…:2026-11-21` */
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
  /** Of the person the work is for, and of the workspace, in a day. */
  readonly user: number | null;
  readonly workspace: number | null;
}

/** Days are those of UTC, everywhere the same. */
export function spendDay(now: EpochMs): string {
  return toIso(now).slice(0, 10);
}

/** Every scope that one call counts in. */
export function spendScopes(
  call: { readonly workId: string; readonly userId: string | null; readonly workspaceId: string },
  caps: SpendCaps,
  day: string,
): readonly SpendScope[] {
  const scope = (key: string, capMicroUsd: number | null): SpendScope => ({
    key,
    day,
    capMicroUsd,
  });
  return [
    scope(`day:${day}`, caps.daily),
    scope(`work:${call.workId}`, caps.run),
    ...(call.userId === null ? [] : [scope(`user:${call.userId}:${day}`, caps.user)]),
    scope(`workspace:${call.workspaceId}:${day}`, caps.workspace),
  ];
}
