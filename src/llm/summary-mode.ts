/** Begins a line of the system prompt of every request for a summary, and of nothing else. */
export const SUMMARY_MARKER = "Mode: summary.";

export function isSummary(instructions: string): boolean {
  return instructions.split("\n").some((line) => line.startsWith(SUMMARY_MARKER));
}
