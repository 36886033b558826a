import type { CommitResult } from "../../core/effect/commit.ts";

/** Undoes the transaction and says what the commit came to. */
export class GuardFailed extends Error {
  readonly result: CommitResult;

  constructor(result: CommitResult) {
    super("a guard did not hold");
    this.result = result;
  }
}
