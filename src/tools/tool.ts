import type { z } from "zod";
import type { Role } from "../core/access/role.ts";
import type { EpochMs } from "../core/clock.ts";
import type { Seen } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import type { EffectKind, Sensitivity, ToolClass } from "../core/tool/tool-facts.ts";
import type { Reader } from "../store/store.ts";

/** The work a call is made in. */
export interface ToolScene {
  readonly store: Reader;
  readonly now: EpochMs;
  readonly runId: string;
  readonly contextId: string;
  readonly workspaceId: string;
  /** The folder of the workspace, which may not be there yet. */
  readonly workspace: string;
  /** Who the work is for. */
  readonly userId: string | null;
  /** What the call may do: of whoever the work is for, now. */
  readonly role: Role;
  /** Who approved this very call: then `role` is theirs. */
  readonly approverId?: string | undefined;
  readonly isTainted: boolean;
  /** Whose words the work has read, one line each. */
  readonly taintedBy: readonly string[];
}

export interface ToolResult {
  /** What the model is told. Longer texts are kept whole and shown a page at a time. */
  readonly text: string;
  /** It did not do what it was called for; `text` says why, and may hold what others wrote. */
  readonly isFailure?: true;
  /** It failed, and nobody knows whether it was done all the same. */
  readonly isInDoubt?: true;
  /** Whose words are in it, for whoever approves later: `the page https://…`. Absent: nobody else's. */
  readonly taintedBy?: string | undefined;
  /** What the call changes in the store, in the commit that ends its step. */
  readonly effects?: readonly Effect[] | undefined;
  readonly seen?: readonly Seen[] | undefined;
}

/**
 * One ability of the agent. What it may do is judged before each call by `sensitivityOf` and the policy; a tool never
 * sends, asks or checks a role itself.
 */
export interface Tool<Input = unknown> {
  /** As the model calls it. */
  readonly name: string;
  readonly class: ToolClass;
  /** For the model: what it does, when to use it. */
  readonly description: string;
  readonly input: z.ZodType<Input>;
  /** JSON Schema for the model, where `input` does not say it. */
  readonly inputSchema?: object;
  readonly effect: EffectKind;
  readonly timeLimitMs: number;
  /** How much this very call may do. Pure. */
  sensitivityOf(input: Input): Sensitivity;
  /** The address a fetch reads, if it reads one. */
  addressOf?(input: Input): string;
  /** One line for the person who approves: what would happen. Plain text; shown as data. */
  describe(input: Input): string;
  /** Digest of what the files of the operator have this very call run, as it is now. */
  fingerprintOf?(input: Input): string;
  /** @throws AppError with words for the model; anything else is told it as a failure without details. */
  run(input: Input, scene: ToolScene, signal: AbortSignal): Promise<ToolResult>;
}

/** Keeps the input's type inside a tool while a list of tools holds them all. */
export function defineTool<Input>(tool: Tool<Input>): Tool {
  return tool as Tool;
}
