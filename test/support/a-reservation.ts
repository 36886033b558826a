import type { EffectOf } from "../../src/core/effect/effect.ts";
import { newId } from "../../src/core/ids.ts";
import { type SpendCaps, spendScopes } from "../../src/core/spend/spend-scope.ts";
import { NO_CAPS } from "./no-caps.ts";

type Reservation = EffectOf<"reserve-usage">;

/** Money put aside for a call of a run, counted in every scope it belongs to. */
export function aReservation(
  run: Pick<Reservation, "runId" | "workspaceId" | "contextId"> & Partial<Reservation>,
  caps: Partial<SpendCaps> = {},
): Reservation {
  const row = {
    type: "reserve-usage",
    id: newId("use"),
    stepId: newId("step"),
    userId: null,
    keyId: null,
    purpose: "chat",
    workId: run.runId,
    day: "2026-11-21",
    model: "openai/gpt-6-sol",
    reservedMicroUsd: 5,
    ...run,
  } as const;
  return { ...row, scopes: spendScopes(row, { ...NO_CAPS, ...caps }, row.day) };
}
