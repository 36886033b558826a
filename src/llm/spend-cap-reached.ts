import type { SpendScope } from "../core/spend/spend-scope.ts";

/** A call was not made: what it can cost no longer fits into a cap. */
export class SpendCapReached extends Error {
  readonly scope: SpendScope;
  /** Millionths of a dollar: spent and put aside in the scope; what it may hold, raises included; what the call needs. */
  readonly usedMicroUsd: number;
  readonly allowedMicroUsd: number;
  readonly neededMicroUsd: number;

  constructor(
    facts: Pick<SpendCapReached, "scope" | "usedMicroUsd" | "allowedMicroUsd" | "neededMicroUsd">,
  ) {
    super(`the cap of ${facts.scope.key} is reached`);
    this.name = "SpendCapReached";
    this.scope = facts.scope;
    this.usedMicroUsd = facts.usedMicroUsd;
    this.allowedMicroUsd = facts.allowedMicroUsd;
    this.neededMicroUsd = facts.neededMicroUsd;
  }
}
