import type { RunKind } from "../core/run/run.ts";
import type { Config } from "./config.ts";

interface RunLimits {
  readonly steps: number;
  readonly seconds: number;
  readonly toolCalls: number;
  readonly tokens: number;
}

/** How far a run of this kind may go. */
export function runLimitsOf({ limits }: Pick<Config, "limits">, kind: RunKind): RunLimits {
  const isTurn = kind === "turn";
  return {
    steps: isTurn ? limits.turnSteps : limits.taskSteps,
    seconds: isTurn ? limits.turnSeconds : limits.taskSeconds,
    toolCalls: limits.toolCallsPerRun,
    tokens: limits.tokensPerRun,
  };
}
