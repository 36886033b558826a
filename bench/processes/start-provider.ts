import { runProgram } from "./run-program.ts";

export interface Provider {
  readonly url: string;
  /** The environment of a runtime that asks it, without limits for people. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** A model's provider in a process of its own, that asks for a tool in every step but the last. */
export async function startProvider(steps: number, thinkMs = 0): Promise<Provider> {
  const { program, ready } = await runProgram<object, never, { url: string }>(
    new URL("./provider-program.ts", import.meta.url),
    [String(steps), String(thinkMs)],
  );
  return {
    url: ready.url,
    env: {
      AGENT_RUNTIME_LLM_PROVIDER: "openai",
      AGENT_RUNTIME_LLM_MODEL: "gpt-6-sol",
      AGENT_RUNTIME_LLM_BASE_URL: ready.url,
      AGENT_RUNTIME_INBOUND_MAX_PER_MINUTE: "0",
      AGENT_RUNTIME_LLM_RATE_LIMIT_PER_WINDOW: "0",
    },
    stop: () => program.stop(),
  };
}
