import type { Change } from "../../core/effect/change.ts";
import type { RefusalReason } from "../../core/effect/commit.ts";
import type { Statement } from "../statement.ts";

/** One guarded statement, as data: what to run, and what it means when it touches no row. */
export interface Step {
  readonly statement: Statement<never>;
  readonly params: object;
  /** `check` reads and expects a row; `write` expects to change at least one. */
  readonly kind: "write" | "check";
  /** `skip` leaves out the rest of the same list of steps; `ignore` expects nothing. */
  readonly onMiss: "conflict" | "skip" | "ignore" | { readonly refuse: RefusalReason };
}

/** What one effect compiles to. */
export interface CompiledEffect {
  readonly steps: readonly Step[];
  readonly changes: readonly Change[];
}

type OnMiss = Step["onMiss"];

/** A statement that must change at least one row. */
export function write<P extends object>(
  statement: Statement<P>,
  params: P,
  onMiss: OnMiss = "conflict",
): Step {
  return { statement: statement as Statement<never>, params, kind: "write", onMiss };
}

/** A query that must find at least one row. */
export function check<P extends object>(
  statement: Statement<P>,
  params: P,
  onMiss: OnMiss = "conflict",
): Step {
  return { statement: statement as Statement<never>, params, kind: "check", onMiss };
}
