import type { EpochMs } from "../../core/clock.ts";
import type { Dialect } from "../dialect.ts";

/** What all effects of one commit share. */
export interface CommitFacts {
  readonly now: EpochMs;
  readonly cause: string;
  readonly dialect: Dialect;
}
