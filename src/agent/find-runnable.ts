import { may } from "../core/access/permission.ts";
import type { Role } from "../core/access/role.ts";
import type { Seen } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { tellApprovers } from "../operations/tell-approvers.ts";
import { type ApprovalRow, approvalOfStep } from "../store/queries/approvals.ts";
import { linkedUserById } from "../store/queries/people.ts";
import { judgeToolCall } from "../tools/judge-call.ts";
import type { Tool } from "../tools/tool.ts";
import { askAbout, type CallToAsk } from "./ask-about.ts";
import { digestOfCall } from "./digest-of-call.ts";
import { findTool } from "./find-tool.ts";
import type { OpenCall } from "./journal.ts";
import type { Work, WorkDeps, WorkFacts } from "./work-scene.ts";

export const NOT_THIS_CALL =
  "What was approved is no longer this call: its tool or the policy has changed since. It may be asked for again.";

const NO_APPROVER = "Whoever approved this may not approve it any more. It may be asked again.";

/** A call that may begin now; `effects` begin it. */
export interface Runnable {
  readonly kind: "run";
  readonly call: OpenCall;
  readonly tool: Tool;
  readonly input: unknown;
  /** Whose permission it runs with: the approver's, where there is one. */
  readonly role: Role;
  readonly approverId?: string;
  readonly approvalId: string | undefined;
  /** What was approved, as `digestOfCall` says it. */
  readonly approvedDigest?: string;
  readonly effects: readonly Effect[];
  readonly seen?: readonly Seen[];
}

/** A call that may not begin: `effects` end it, or ask a person about it. */
interface Stopped {
  readonly kind: "stop";
  readonly effects: readonly Effect[];
  readonly seen?: readonly Seen[];
}

/** What may be done with an open call at this moment; `undefined`: it waits for a person, or can be taken back for a while. */
export async function findRunnable(
  deps: WorkDeps,
  work: Work,
  facts: WorkFacts,
  { call, taken }: { readonly call: OpenCall; readonly taken: Set<number | null> },
): Promise<Runnable | Stopped | undefined> {
  const approval = await deps.store.first(approvalOfStep, { stepId: call.id });
  if (approval !== undefined) return await findApproved(deps, work, call, approval);
  const requested = { tool: call.name, input: JSON.parse(call.arguments) as unknown };
  const judged = judgeToolCall(deps.toolbox, requested, {
    ...facts,
    preset: deps.approvals.preset,
  });
  if (judged.kind === "ask") return await askNow(deps, work, facts, { call, taken, ...judged });
  if (judged.kind === "refuse" || facts.role === undefined) {
    return stop(
      call,
      judged.kind === "refuse" ? judged.text : "Nobody it may be done for is left.",
    );
  }
  return {
    kind: "run",
    call,
    tool: judged.tool,
    input: judged.input,
    role: facts.role,
    approvalId: undefined,
    effects: [{ type: "begin-call", id: call.id, from: "ready" }],
  };
}

/** It could have run when it was asked for, and may not any more: what the run has read since has tainted it. */
async function askNow(
  deps: WorkDeps,
  work: Work,
  facts: WorkFacts,
  {
    call,
    taken,
    tool,
    input,
    sensitivity,
  }: Omit<CallToAsk, "stepId" | "isRepeat"> & {
    readonly call: OpenCall;
    readonly taken: Set<number | null>;
  },
): Promise<Stopped> {
  const about = { stepId: call.id, tool, input, sensitivity, isRepeat: false };
  const asked = await askAbout(deps, work, facts, about, taken);
  if (asked === undefined) {
    return stop(call, "It needs an approval, and too many are open already.");
  }
  taken.add(asked.slot);
  const wait: Effect = { type: "hold-call", id: call.id };
  return { kind: "stop", effects: [wait, ...asked.effects], seen: asked.seen };
}

/** What was approved, exactly: the same tool, arguments and place, and an approver who still may. */
async function findApproved(
  deps: WorkDeps,
  work: Work,
  call: OpenCall,
  approval: ApprovalRow,
): Promise<Runnable | Stopped | undefined> {
  if (approval.state !== "approved" || approval.execution === "delayed") return undefined;
  const approver = await deps.store.first(linkedUserById, {
    id: approval.decided_by_user_id ?? "",
  });
  const tool = findTool(deps, call.name);
  const input = tool?.input.safeParse(JSON.parse(call.arguments));
  if (approver === undefined || !may(approver.role, "decide:approval")) {
    return await stopApproved(deps, call, approval, NO_APPROVER);
  }
  const isSame =
    tool !== undefined &&
    input?.success === true &&
    isStillThat(deps, work, { tool, input: input.data, approvedDigest: approval.digest });
  if (!isSame) return await stopApproved(deps, call, approval, NOT_THIS_CALL);
  return {
    kind: "run",
    call,
    tool,
    input: input.data,
    role: approver.role,
    approverId: approver.id,
    approvalId: approval.id,
    approvedDigest: approval.digest,
    effects: [
      { type: "begin-call", id: call.id, from: waitingState(call) },
      { type: "move-execution", id: approval.id, from: ["not_executed"], to: "executing" },
    ],
    seen: [{ table: "users", id: approver.id, version: approver.version }],
  };
}

/**
 * Whether a call is what was approved, where it needed that. What a tool itself refuses by now, such as an action that is
 * gone, is not.
 */
export function isStillThat(
  deps: WorkDeps,
  work: Work,
  { tool, input, approvedDigest }: Pick<Runnable, "tool" | "input" | "approvedDigest">,
): boolean {
  try {
    return approvedDigest === undefined || digestOfCall(deps, work, tool, input) === approvedDigest;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** Whoever approved it reads on its card that it was not made. */
async function stopApproved(
  { store, clock }: WorkDeps,
  call: OpenCall,
  { id }: ApprovalRow,
  why: string,
): Promise<Stopped> {
  const stopped = stop(call, why);
  const told = await tellApprovers({ store, now: clock.now() }, id, { kind: "not done", why });
  return { ...stopped, effects: [...stopped.effects, ...told] };
}

function stop(call: OpenCall, text: string): Stopped {
  const result = JSON.stringify({ text });
  const from = call.state === "ready" ? "ready" : waitingState(call);
  return { kind: "stop", effects: [{ type: "deny-call", id: call.id, from, result }] };
}

function waitingState({ state }: OpenCall): "waiting" | "unknown" {
  return state === "unknown" ? "unknown" : "waiting";
}
