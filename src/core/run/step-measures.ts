import { durationInWords } from "../duration-in-words.ts";
import { formatUsd } from "../spend/format-usd.ts";

/** What something took: its time, and what a model read, wrote and cost. */
export interface Measures {
  /** `undefined`: it goes on. */
  readonly durationMs: number | undefined;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicroUsd: number;
}

/** `, 1.3 s, 812 tokens read, 40 written, $0.0012`: what is behind a comma, as far as there is any. */
export function measuresInWords(measures: Measures): string {
  const { durationMs, inputTokens, outputTokens, costMicroUsd } = measures;
  const time = durationMs === undefined ? "" : `, ${durationInWords(durationMs)}`;
  const hasTokens = inputTokens + outputTokens > 0;
  const tokens = hasTokens ? `, ${inputTokens} tokens read, ${outputTokens} written` : "";
  return `${time}${tokens}${costMicroUsd === 0 ? "" : `, ${formatUsd(costMicroUsd)}`}`;
}
