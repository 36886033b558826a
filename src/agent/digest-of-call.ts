import { digestCall } from "../core/approval/approval.ts";
import { policyVersion } from "../core/approval/policy.ts";
import type { Tool } from "../tools/tool.ts";
import { offer } from "../tools/toolbox.ts";
import type { Work, WorkDeps } from "./work-scene.ts";

/** Of a call as it stands now: when its tool is another one by then, or the policy, it is another call. */
export function digestOfCall(
  { approvals }: WorkDeps,
  { work: { contextId, workspaceId } }: Work,
  tool: Tool,
  input: unknown,
): string {
  return digestCall({
    tool: offer(tool),
    line: tool.describe(input),
    sensitivity: tool.sensitivityOf(input),
    fingerprint: tool.fingerprintOf?.(input),
    arguments: input,
    contextId,
    workspaceId,
    policyVersion: policyVersion(approvals.preset),
  });
}
