import type { Place } from "../measurement.ts";
import type { BotApiReady, Load, LoadResult } from "./bot-api-program.ts";
import { runProgram } from "./run-program.ts";
import { type RunningRuntime, startRuntime } from "./start-runtime.ts";

export interface BotApi extends BotApiReady {
  ask(load: Load): Promise<LoadResult>;
  stop(): Promise<void>;
}

export async function startBotApi(): Promise<BotApi> {
  const { program, ready } = await runProgram<Load, LoadResult, BotApiReady>(
    new URL("./bot-api-program.ts", import.meta.url),
  );
  return { ...ready, ...program };
}

/** A runtime with its own Bot API server, without limits: neither a pace of its own nor one for people. */
export async function openTelegramRuntime(
  place: Place,
  under: readonly string[] = [],
): Promise<{ readonly api: BotApi; readonly runtime: RunningRuntime; stop(): Promise<void> }> {
  const api = await startBotApi();
  const runtime = await startRuntime({
    dataDir: place.makeDirectory(),
    under,
    env: {
      AGENT_RUNTIME_TELEGRAM_TOKEN: api.token,
      AGENT_RUNTIME_TELEGRAM_API_BASE: api.url,
      AGENT_RUNTIME_TELEGRAM_MAX_PER_SECOND: "0",
      AGENT_RUNTIME_TELEGRAM_MAX_PER_CHAT_PER_SECOND: "0",
      AGENT_RUNTIME_INBOUND_MAX_PER_MINUTE: "0",
      AGENT_RUNTIME_LLM_RATE_LIMIT_PER_WINDOW: "0",
    },
  });
  return {
    api,
    runtime,
    async stop() {
      await runtime.stop();
      await api.stop();
    },
  };
}
