import { estimateTokens } from "./estimate-tokens.ts";
import type { ModelTool } from "./stream-model.ts";

/** Tokens that tools take in every request, in the form of OpenAI's API, which is the longest. */
export function tokensOfTools(tools: readonly ModelTool[]): number {
  const onWire = tools.map(({ name, description, inputSchema: parameters }) => ({
    type: "function",
    function: { name, description, parameters },
  }));
  return estimateTokens(JSON.stringify(onWire));
}
