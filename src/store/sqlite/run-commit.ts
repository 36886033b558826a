import type { Change } from "../../core/effect/change.ts";
import type { CommitResult } from "../../core/effect/commit.ts";
import type { CompiledCommit } from "../effects/compile-commit.ts";
import type { Step } from "../effects/step.ts";
import { type Connection, isUniqueViolation } from "./connection.ts";
import { Undone } from "./group-commit.ts";

/**
 * Runs a compiled commit inside the open transaction and returns what to publish.
 * @throws Undone with `conflict` or a refusal when a guard does not hold.
 */
export function runCommit(connection: Connection, commit: CompiledCommit): readonly Change[] {
  const changes: Change[] = [...commit.changes];
  runSteps(connection, commit.claim);
  runSteps(connection, commit.seen);
  for (const effect of commit.effects) {
    if (runSteps(connection, effect.steps)) changes.push(...effect.changes);
  }
  return changes;
}

/** False when the rest was skipped as already done. */
function runSteps(connection: Connection, steps: readonly Step[]): boolean {
  for (const step of steps) {
    if (!runStep(connection, step)) return false;
  }
  return true;
}

function runStep(connection: Connection, { statement, params, kind, onMiss }: Step): boolean {
  if (
    kind === "check"
      ? connection.get(statement, params as never) !== undefined
      : changeRows(connection, statement, params)
  )
    return true;
  switch (onMiss) {
    case "ignore":
      return true;
    case "skip":
      return false;
    case "conflict":
      throw new Undone("conflict" satisfies CommitResult);
    default:
      throw new Undone({ refused: onMiss.refuse } satisfies CommitResult);
  }
}

function changeRows(connection: Connection, statement: Step["statement"], params: object): boolean {
  try {
    return connection.run(statement, params as never) > 0;
  } catch (error) {
    if (isUniqueViolation(error)) return false;
    throw error;
  }
}
