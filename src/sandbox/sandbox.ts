/** A command to run apart from everything else. */
export interface SandboxCommand {
  /** Without a shell: the program, then its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** The folder of the workspace: read-only inside, save its `scratch/`. */
  readonly workspace: string;
  readonly stdin?: string | undefined;
  readonly limits: SandboxLimits;
}

export interface SandboxLimits {
  readonly timeMs: number;
  /** Of stdout and stderr together; the command is ended there. */
  readonly outputBytes: number;
  /** Of each process, and of all together. */
  readonly memoryBytes: number;
  readonly processes: number;
  /** Of any one file it writes. */
  readonly fileBytes: number;
  /** Of all that `scratch/` holds; the command is ended soon after. */
  readonly scratchBytes: number;
}

export type SandboxEnd =
  /** It ended by itself. */
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "killed"; readonly signal: string }
  /** We ended it. */
  | { readonly kind: "limit"; readonly limit: LimitKind };

export type LimitKind = "time" | "output" | "memory" | "processes" | "scratch";

export interface SandboxResult {
  readonly end: SandboxEnd;
  /** What it wrote, to stdout and stderr as it came. */
  readonly output: string;
}

/** Runs commands with bounds. */
export interface Sandbox {
  /** Whether what runs inside is cut off from the network, and from all of this machine but the workspace. */
  readonly isWalled: boolean;
  /** @throws `signal.reason` on abort, when nothing of it runs any more; Error when it cannot be started at all. */
  run(command: SandboxCommand, signal: AbortSignal): Promise<SandboxResult>;
}
