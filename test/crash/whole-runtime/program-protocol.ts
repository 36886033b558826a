import { join } from "node:path";

/** What the program of the whole runtime and its parent must agree on. */
export const SPEED = 8;
export const TRACE_FILE = "seams.log";
export const LOG_FILE = "runtime.log";
/** An answer about a plant grows until this is there. */
export const ripeFile = (directory: string, plant: string): string =>
  join(directory, `${plant}.ripe`);
export const PLAN_VARIABLE = "CRASH_PLAN";
export const EPOCH_VARIABLE = "CRASH_EPOCH_MS";
/** How much later it is than the clock says. */
export const LATER_VARIABLE = "CRASH_LATER_MS";

/** Where a process shall die: at each passing of one of `sides`, with the given odds. */
export interface CrashPlan {
  readonly sides: readonly string[];
  /** 1: at the first passing. Less: at a random later one. */
  readonly odds: number;
  readonly seed: number;
}

/** One line of the trace. */
export interface Passage {
  readonly side: string;
  readonly died: boolean;
}

export type ToProgram = { readonly kind: "pairing-link" } | { readonly kind: "stop" };

export type FromProgram =
  | { readonly kind: "ready"; readonly url: string }
  | { readonly kind: "pairing-link"; readonly link: string }
  | { readonly kind: "model-called"; readonly text: string };
