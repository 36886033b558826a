import type { Clock } from "../../src/core/clock.ts";
import type { JobEngine } from "../../src/orchestrator/engine.ts";
import type { Store } from "../../src/store/store.ts";

/** One opened store of a kind, and engines as separate processes would have them. */
export interface OpenedBackend {
  readonly store: Store;
  readonly clock: Clock;
  /** An engine of a process of its own name. */
  engine(process: string): JobEngine;
  /** Makes it look as if the process died while holding its claims. */
  expireClaims(): Promise<void>;
  /** Closes the store and fails the test when an invariant is broken. */
  close(): Promise<void>;
}

/** A database that the contract suites of the store and the queue run on. */
export interface StoreBackend {
  readonly name: string;
  open(): Promise<OpenedBackend>;
}
