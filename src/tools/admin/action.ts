import type { z } from "zod";
import type { Sensitivity } from "../../core/tool/tool-facts.ts";

/** Something that the operator lets the agent set off, and how. */
export interface Action {
  readonly name: string;
  /** For the model: what it does, when to use it. */
  readonly description: string;
  /** What it may be set off for; empty: it takes no target. */
  readonly targets: readonly string[];
  readonly payload: z.ZodType;
  /** The same as the operator wrote it: JSON Schema, for the model. */
  readonly payloadSchema: object;
  readonly sensitivity: Sensitivity;
  readonly does: Webhook | Command;
}

/** `{type, target, summary, payload}` as JSON, to this address and no other. */
export interface Webhook {
  readonly kind: "webhook";
  readonly url: string;
  readonly method: string;
  /** May hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The same as JSON on the input of a program, which runs as the other code tools do. */
interface Command {
  readonly kind: "command";
  readonly argv: readonly [string, ...string[]];
}
