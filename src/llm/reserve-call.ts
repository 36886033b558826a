import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { Clock } from "../core/clock.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { newId, sha256Hex } from "../core/ids.ts";
import { formatModelRef, type ModelRef } from "../core/model/model-ref.ts";
import { type SpendCaps, spendDay, spendScopes } from "../core/spend/spend-scope.ts";
import { keyOfUser } from "../store/queries/api-keys.ts";
import { spendOf } from "../store/queries/spend.ts";
import type { Reader } from "../store/store.ts";
import { mostTokens } from "./estimate-tokens.ts";
import type { ModelCall } from "./model-call.ts";
import { type OpenedStep, openStep } from "./model-step.ts";
import { type FoundPrice, mostMicroUsd } from "./prices.ts";
import { SpendCapReached } from "./spend-cap-reached.ts";

const MOST_ATTEMPTS = 5;

export interface ReserveDeps {
  readonly reader: Reader;
  readonly clock: Clock;
  readonly findPrice: (ref: ModelRef) => FoundPrice;
  readonly caps: SpendCaps;
  readonly maxOutputTokens: number;
}

/**
 * Journals a call and puts the most it can cost aside, before anybody is asked.
 * @throws SpendCapReached when that does not fit into a cap; AppError `unavailable` when the run has changed.
 */
export async function reserveCall(
  deps: ReserveDeps,
  request: ModelCall,
  ref: ModelRef,
): Promise<OpenedStep> {
  const { work, purpose, number, instructions, messages, tools } = request;
  const asked = JSON.stringify([formatModelRef(ref), instructions, tools, messages]);
  const day = spendDay(deps.clock.now());
  const keyId = await findKey(deps.reader, work.userId);
  const step: OpenedStep = {
    stepId: newId("step"),
    usageId: newId("use"),
    work,
    keyId,
    purpose,
    number,
    model: formatModelRef(ref),
    requestDigest: sha256Hex(asked),
    reservedMicroUsd: mostMicroUsd(deps.findPrice(ref).price, {
      inputTokens: mostTokens(asked),
      outputTokens: deps.maxOutputTokens,
    }),
    day,
    scopes: spendScopes({ ...work, keyId }, deps.caps, day),
  };
  await commitReservation(deps, request, step);
  return step;
}

/** A call that fits after all, because another has ended meanwhile, is put aside for again. */
async function commitReservation(
  { reader, clock }: ReserveDeps,
  request: ModelCall,
  step: OpenedStep,
): Promise<void> {
  const effects = [...request.before, ...openStep(step)];
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const refused = await commitCall(clock, request, "start-model-step", effects);
    if (refused === undefined) return;
    if (refused !== "spend_cap")
      throw new AppError("unavailable", "The run changed while the model was being asked.");
    const full = await findFullCap(reader, step);
    if (full !== undefined) throw full;
  }
  throw new AppError("unavailable", "Too many calls of models were made at once.");
}

async function findKey(reader: Reader, userId: string | null): Promise<string | null> {
  const key = userId === null ? undefined : await reader.first(keyOfUser, { userId });
  return key?.id ?? null;
}

/** Why it was not committed; `undefined` when it was. */
export async function commitCall(
  clock: Clock,
  { commit, seen }: ModelCall,
  name: string,
  effects: readonly Effect[],
): Promise<string | undefined> {
  const result = await commit({ name, actor: SYSTEM_ACTOR.id, now: clock.now(), seen, effects });
  if (result === "committed") return undefined;
  return result === "conflict" ? result : result.refused;
}

/** The scope with the least left: the one a person would have to raise first. `undefined`: the call fits into all. */
async function findFullCap(
  reader: Reader,
  { scopes, reservedMicroUsd: neededMicroUsd }: OpenedStep,
): Promise<SpendCapReached | undefined> {
  const facts = await Promise.all(
    scopes.flatMap((scope) => {
      const { capMicroUsd } = scope;
      return capMicroUsd === null ? [] : [usedOf(reader, scope.key, capMicroUsd, { scope })];
    }),
  );
  const [tightest] = facts.toSorted(
    (a, b) => a.allowedMicroUsd - a.usedMicroUsd - (b.allowedMicroUsd - b.usedMicroUsd),
  );
  if (tightest === undefined) return undefined;
  const { usedMicroUsd, allowedMicroUsd } = tightest;
  if (usedMicroUsd + neededMicroUsd <= allowedMicroUsd) return undefined;
  return new SpendCapReached({ ...tightest, neededMicroUsd });
}

async function usedOf<T>(reader: Reader, key: string, capMicroUsd: number, rest: T) {
  const row = await reader.first(spendOf, { key });
  return {
    ...rest,
    usedMicroUsd: (row?.spent_micro_usd ?? 0) + (row?.reserved_micro_usd ?? 0),
    allowedMicroUsd: capMicroUsd + (row?.raised_micro_usd ?? 0),
  };
}
