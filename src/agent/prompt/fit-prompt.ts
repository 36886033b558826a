import { estimateTokens } from "../../llm/estimate-tokens.ts";
import { joinPrompt, type PromptPart } from "./compose-prompt.ts";

export interface FittedPrompt {
  readonly parts: readonly PromptPart[];
  /** Names of the layers that had to leave. */
  readonly leftOut: readonly string[];
}

/** Takes layers out, whole, until the rest has room: the least needed first, of equals the last. */
export function fitPrompt(parts: readonly PromptPart[], mostTokens: number): FittedPrompt {
  const leaving = parts
    .map((part, index) => ({ part, index, leaves: part.leaves }))
    .filter((one) => one.leaves !== undefined)
    .toSorted((a, b) => (a.leaves ?? 0) - (b.leaves ?? 0) || b.index - a.index);
  let kept = parts;
  const leftOut: string[] = [];
  for (const { part } of leaving) {
    if (estimateTokens(joinPrompt(kept)) <= mostTokens) break;
    kept = kept.filter((one) => one !== part);
    leftOut.push(part.name);
  }
  if (leftOut.length === 0) return { parts, leftOut };
  const note = `Left out, as there was no room: ${JSON.stringify(leftOut.slice(0, 10)).slice(0, 500)}.`;
  return { parts: [...kept, { name: "left-out", text: note }], leftOut };
}
