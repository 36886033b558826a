import type { Role } from "../core/access/role.ts";
import { judgeCall, type Preset } from "../core/approval/policy.ts";
import { AppError } from "../core/errors.ts";
import type { Sensitivity } from "../core/tool/tool-facts.ts";
import { describeIssues } from "./describe-issues.ts";
import type { Tool } from "./tool.ts";
import type { Toolbox } from "./toolbox.ts";

/** What decides about a call besides the call itself. */
export interface JudgeFacts {
  readonly preset: Preset;
  /** Of whoever the work is for, now. */
  readonly role: Role | undefined;
  readonly isTainted: boolean;
  /** Whether a person typed this address, or our own search returned it. */
  readonly isGivenAddress: (address: string) => boolean;
}

export type JudgedCall =
  | {
      readonly kind: "run" | "ask";
      readonly tool: Tool;
      readonly input: unknown;
      readonly sensitivity: Sensitivity;
    }
  /** `text` tells the model why, so that it can do better. */
  | { readonly kind: "refuse"; readonly text: string };

/** Arguments, then the policy. Pure. */
export function judgeToolCall(
  toolbox: Toolbox,
  call: { readonly tool: string; readonly input: unknown },
  facts: JudgeFacts,
): JudgedCall {
  const tool = toolbox.find(call.tool);
  if (tool === undefined)
    return refuse(`There is no tool called ${JSON.stringify(call.tool.slice(0, 100))}.`);
  const parsed = tool.input.safeParse(call.input);
  if (!parsed.success) {
    const issues = describeIssues(parsed.error, "arguments");
    return refuse(`${tool.name} cannot take these arguments. ${issues}`);
  }
  try {
    return judgeParsed(tool, parsed.data, facts);
  } catch (error) {
    if (error instanceof AppError) return refuse(error.message);
    throw error;
  }
}

function judgeParsed(tool: Tool, input: unknown, facts: JudgeFacts): JudgedCall {
  const sensitivity = tool.sensitivityOf(input);
  const address = tool.addressOf?.(input);
  const verdict = judgeCall(facts.preset, {
    sensitivity,
    effect: tool.effect,
    isMcp: tool.class === "mcp",
    role: facts.role,
    isTainted: facts.isTainted,
    isGivenAddress: address !== undefined && facts.isGivenAddress(address),
  });
  if (verdict === "deny") return refuse(`${tool.name} is not for this person's role.`);
  return { kind: verdict === "allow" ? "run" : "ask", tool, input, sensitivity };
}

function refuse(text: string): JudgedCall {
  return { kind: "refuse", text };
}
