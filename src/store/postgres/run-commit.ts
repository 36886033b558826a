import type { Change } from "../../core/effect/change.ts";
import type { CompiledCommit } from "../effects/compile-commit.ts";
import type { Step } from "../effects/step.ts";
import { GuardFailed } from "./guard-failed.ts";
import type { Transaction } from "./transaction.ts";

/** Runs a compiled commit inside the open transaction and returns what to publish. @throws GuardFailed when a guard does not hold. */
export async function runCommit(
  transaction: Transaction,
  commit: CompiledCommit,
): Promise<readonly Change[]> {
  const changes: Change[] = [...commit.changes];
  await runSteps(transaction, commit.claim);
  await runSteps(transaction, commit.seen);
  for (const effect of commit.effects) {
    if (await runSteps(transaction, effect.steps)) changes.push(...effect.changes);
  }
  return changes;
}

/** False when the rest was skipped as already done. */
async function runSteps(transaction: Transaction, steps: readonly Step[]): Promise<boolean> {
  for (const step of steps) {
    if (!(await runStep(transaction, step))) return false;
  }
  return true;
}

async function runStep(
  transaction: Transaction,
  { statement, params, kind, onMiss }: Step,
): Promise<boolean> {
  const isHit =
    kind === "check"
      ? (await transaction.all(statement, params as never)).length > 0
      : (await transaction.run(statement, params as never)) > 0;
  if (isHit || onMiss === "ignore") return true;
  if (onMiss === "skip") return false;
  throw new GuardFailed(onMiss === "conflict" ? "conflict" : { refused: onMiss.refuse });
}
