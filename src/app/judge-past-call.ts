import type { JudgePastCall } from "../operations/shadow-approvals.ts";
import { judgeToolCall } from "../tools/judge-call.ts";
import { findOwnTool } from "../tools/own-tools.ts";
import type { Toolbox } from "../tools/toolbox.ts";

/** The policy, asked about calls that were made already. */
export function createPastJudge(toolbox: Toolbox): JudgePastCall {
  return (preset, { tool, arguments: args, role, isTainted }) => {
    const input: unknown = JSON.parse(args);
    // No preset spares anybody those.
    if (findOwnTool(tool)?.input.safeParse(input).success === true) return "ask";
    const isGone = toolbox.find(tool)?.input.safeParse(input).success !== true;
    if (isGone) return "gone";
    const facts = { preset, role, isTainted, isGivenAddress: () => false };
    return judgeToolCall(toolbox, { tool, input }, facts).kind;
  };
}
