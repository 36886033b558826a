import { formatUsd } from "../../core/spend/format-usd.ts";
import {
  RAISE_SPEND,
  type RaiseSpendArguments,
  raiseSpendArguments,
  raiseSpendEffects,
} from "../../core/spend/raise-spend.ts";
import { defineTool } from "../tool.ts";

/**
 * Raises a cap by what a person approved. No model is offered it, and none can call it: the runtime asks, when a cap
 * stops work.
 */
export const raiseSpendTool = defineTool<RaiseSpendArguments>({
  name: RAISE_SPEND,
  class: "spend",
  description: "Raises a cap on spend by what was approved.",
  input: raiseSpendArguments,
  effect: "spend",
  timeLimitMs: 10_000,
  sensitivityOf: () => "outward",
  describe: ({ by_micro_usd: by, because }) => `Spend ${formatUsd(by)} more? ${because}`,
  async run(input, { now }) {
    const effects = raiseSpendEffects(input, now);
    const text =
      effects.length === 0 ? "That day is over, and its cap with it." : "The cap was raised.";
    return { text, effects };
  },
});
