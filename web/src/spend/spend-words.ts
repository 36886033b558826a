import type { SpendReport } from "../../../src/client/shapes/spend.ts";
import { formatUsd } from "../../../src/core/spend/format-usd.ts";

type Cap = SpendReport["caps"][number];

const CAP_OF: Readonly<Record<Cap["of"], string>> = {
  day: "All work together, today",
  work: "One piece of work",
  user: "Your work, today",
  key: "The work of your key, today",
  workspace: "Your workspace, today",
};

export function capTitle({ of }: Cap): string {
  return CAP_OF[of];
}

/** `$0.0942 of $5.50, $0.50 of that allowed on top`; without a cap what is used alone. */
export function capWords(cap: Cap): string {
  const used = formatUsd(cap.spent_micro_usd + cap.reserved_micro_usd);
  if (cap.cap_micro_usd === null) return `${used}, without a cap`;
  const raised = cap.raised_micro_usd;
  const allowed = `${used} of ${formatUsd(cap.cap_micro_usd + raised)}`;
  return raised === 0 ? allowed : `${allowed}, ${formatUsd(raised)} of that allowed on top`;
}

export function callWords(calls: number): string {
  return calls === 1 ? "1 call of a model" : `${calls} calls of a model`;
}
