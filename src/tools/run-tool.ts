import { withTimeout } from "../core/abort.ts";
import type { Clock } from "../core/clock.ts";
import { AppError, describeError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { CallTimes } from "../core/run/call-times.ts";
import { boundTaint } from "../core/taint/taint-source.ts";
import { isInDoubt, MAY_BE_DONE } from "./may-be-done.ts";
import type { Tool, ToolResult, ToolScene } from "./tool.ts";

/** How a call ended. `failed`: the model is told why, and may try something else. */
export interface EndedCall extends ToolResult {
  readonly state: "finished" | "failed";
}

interface ToolDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly callTimes: Pick<CallTimes, "add">;
}

/** Runs one call within the time limit of its tool. @throws `signal.reason` on abort; nothing else. */
export async function runTool(
  deps: ToolDeps,
  tool: Tool,
  input: unknown,
  scene: ToolScene,
  signal: AbortSignal,
): Promise<EndedCall> {
  const { clock, log, callTimes } = deps;
  const startedMs = clock.monotonicMs();
  const end = await runToEnd(deps, tool, input, scene, signal);
  const durationMs = Math.round(clock.monotonicMs() - startedMs);
  const { name } = tool;
  callTimes.add({ kind: "tool", name, outcome: end.state, durationMs });
  log.write("debug", "tool ended", {
    runId: scene.runId,
    tool: name,
    state: end.state,
    durationMs,
  });
  return end;
}

async function runToEnd(
  deps: ToolDeps,
  tool: Tool,
  input: unknown,
  scene: ToolScene,
  signal: AbortSignal,
): Promise<EndedCall> {
  try {
    const result = await withTimeout(
      deps.clock,
      tool.timeLimitMs,
      signal,
      (limited) => tool.run(input, scene, limited),
      tookTooLong(tool),
    );
    const { taintedBy } = result;
    return {
      ...result,
      ...(taintedBy === undefined ? {} : { taintedBy: boundTaint(taintedBy) }),
      state: result.isFailure === true ? "failed" : "finished",
    };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (!(error instanceof AppError)) {
      deps.log.write("warn", "tool failed", {
        tool: tool.name,
        runId: scene.runId,
        error: describeError(error),
      });
    }
    const text =
      error instanceof AppError ? error.message : `${tool.name} failed for a reason of its own.`;
    return { state: "failed", text, ...(isInDoubt(text) ? { isInDoubt: true } : {}) };
  }
}

function tookTooLong({ name, effect, timeLimitMs }: Tool): AppError {
  const what = `${name} was ended: it took longer than ${timeLimitMs / 1_000} s.`;
  const isRead = effect === "read" || effect === "fetch";
  return new AppError("unavailable", isRead ? what : `${what} ${MAY_BE_DONE}`);
}
