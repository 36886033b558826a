import type { Actor } from "../core/access/actor.ts";
import type { Decision } from "../core/effect/commit.ts";
import { AppError } from "../core/errors.ts";
import {
  type RaiseSpendArguments,
  raiseSpendArguments,
  raiseSpendEffects,
} from "../core/spend/raise-spend.ts";
import { spendDay } from "../core/spend/spend-scope.ts";
import { authorize, type OperationDeps } from "./operation.ts";

/**
 * Raises a cap by what was asked for: of a day for that day, of a piece of work for as long as it lasts. Whoever approves
 * is the actor. A day that is over is not raised, and needs no more. @throws AppError `access_denied`, `invalid_input`.
 */
export async function raiseSpend(
  deps: OperationDeps,
  actor: Actor,
  input: RaiseSpendArguments,
): Promise<Decision> {
  const who = await authorize(deps, actor, "raise:spend");
  const { success, data } = raiseSpendArguments.safeParse(input);
  if (!success) throw new AppError("invalid_input", "That is no cap which can be raised.");
  return { effects: raiseSpendEffects(data, spendDay(deps.now)), seen: who.seen };
}
