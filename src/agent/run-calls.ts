import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import type { Role } from "../core/access/role.ts";
import { digestCall } from "../core/approval/approval.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { REPEATABLE } from "../core/tool/tool-facts.ts";
import { approvalOfStep } from "../store/queries/approvals.ts";
import { userById } from "../store/queries/people.ts";
import { judgeToolCall } from "../tools/judge-call.ts";
import { type EndedCall, runTool } from "../tools/run-tool.ts";
import type { Tool, ToolScene } from "../tools/tool.ts";
import type { OpenCall } from "./journal.ts";
import type { Work, WorkDeps, WorkFacts } from "./work-scene.ts";

const MOST_AT_ONCE = 4;
const LONGEST_RESULT = 200_000;
const MOST_TAINTS = 20;

/** A call that may begin now. */
interface Runnable {
  readonly call: OpenCall;
  readonly tool: Tool;
  readonly input: unknown;
  /** Whose permission it runs with. */
  readonly role: Role;
  /** What consumes its approval, and what ends it. */
  readonly approvalId: string | undefined;
}

/**
 * Runs the open calls that may run; what still waits for a person stays. A call is journaled before it touches the
 * world: reads run side by side, what has an effect one after another.
 */
export async function runOpenCalls(
  deps: WorkDeps,
  work: Work,
  open: readonly OpenCall[],
  signal: AbortSignal,
): Promise<void> {
  const runnable: Runnable[] = [];
  for (const call of open) {
    const one = await findRunnable(deps, work, call);
    if (one !== undefined) runnable.push(one);
  }
  const repeatable = runnable.filter(({ tool }) => REPEATABLE.includes(tool.effect));
  for (let at = 0; at < repeatable.length; at += MOST_AT_ONCE) {
    await runTogether(deps, work, repeatable.slice(at, at + MOST_AT_ONCE), signal);
  }
  for (const one of runnable.filter((each) => !repeatable.includes(each))) {
    await runTogether(deps, work, [one], signal);
  }
}

/** `undefined`: it waits for a person, or has just been ended because it may not run any more. */
async function findRunnable(
  deps: WorkDeps,
  work: Work,
  call: OpenCall,
): Promise<Runnable | undefined> {
  const facts = await work.readFacts();
  const requested = { tool: call.name, input: JSON.parse(call.arguments) as unknown };
  const approval = await deps.store.first(approvalOfStep, { stepId: call.id });
  if (approval === undefined) {
    const judged = judgeToolCall(deps.toolbox, requested, {
      ...facts,
      preset: deps.preset,
      isGivenAddress: work.isGivenAddress,
    });
    if (judged.kind === "run" && facts.role !== undefined)
      return {
        call,
        tool: judged.tool,
        input: judged.input,
        role: facts.role,
        approvalId: undefined,
      };
    const why =
      judged.kind === "refuse" ? judged.text : "It may no longer run without an approval.";
    await endUnrun(deps, work, facts, call, why);
    return undefined;
  }
  if (approval.state !== "approved" || approval.execution !== "not_executed") return undefined;
  const approver = await deps.store.first(userById, { id: approval.decided_by_user_id ?? "" });
  const tool = deps.toolbox.find(call.name);
  const input = tool?.input.safeParse(requested.input);
  const digest = digestCall({
    ...requested,
    arguments: requested.input,
    contextId: work.work.contextId,
    workspaceId: work.work.workspaceId,
    policyVersion: approval.policy_version,
  });
  if (
    approver === undefined ||
    tool === undefined ||
    input?.success !== true ||
    digest !== approval.digest
  ) {
    await endUnrun(deps, work, facts, call, "What was approved is no longer this call.");
    return undefined;
  }
  return { call, tool, input: input.data, role: approver.role, approvalId: approval.id };
}

async function endUnrun(
  deps: WorkDeps,
  work: Work,
  facts: WorkFacts,
  call: OpenCall,
  text: string,
) {
  const from = call.state === "waiting" ? "waiting" : "ready";
  await commit(deps, work, "refuse-tool-call", facts, [
    { type: "begin-call", id: call.id, from },
    {
      type: "end-step",
      id: call.id,
      state: "failed",
      result: JSON.stringify({ text }),
      error: null,
    },
  ]);
}

async function runTogether(
  deps: WorkDeps,
  work: Work,
  together: readonly Runnable[],
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  await commit(deps, work, "start-tool-call", await work.readFacts(), together.flatMap(beginning));
  const facts = await work.readFacts();
  const ended = await Promise.all(
    together.map(async (one) => ({
      one,
      end: await runTool(deps, one.tool, one.input, sceneOf(deps, work, facts, one.role), signal),
    })),
  );
  const taints = ended.flatMap(({ end }) => (end.taintedBy === undefined ? [] : [end.taintedBy]));
  await commit(deps, work, "end-tool-call", facts, [
    ...ended.flatMap(({ one, end }) => ending(one, end)),
    ...taintRun(work, facts, taints),
  ]);
}

function sceneOf(deps: WorkDeps, { work }: Work, facts: WorkFacts, role: Role): ToolScene {
  return {
    store: deps.store,
    now: deps.clock.now(),
    runId: work.runId,
    contextId: work.contextId,
    workspaceId: work.workspaceId,
    workspace: deps.folderOf(work.workspaceId),
    userId: work.userId,
    role,
    isTainted: facts.isTainted,
  };
}

function beginning({ call, approvalId }: Runnable): Effect[] {
  if (approvalId === undefined) return [{ type: "begin-call", id: call.id, from: "ready" }];
  return [
    { type: "begin-call", id: call.id, from: "waiting" },
    { type: "move-execution", id: approvalId, from: ["not_executed"], to: "executing" },
  ];
}

function ending({ call, approvalId }: Runnable, end: EndedCall): Effect[] {
  const text =
    end.text.length <= LONGEST_RESULT
      ? end.text
      : `${end.text.slice(0, LONGEST_RESULT)}\n(The rest is left out.)`;
  const step: Effect = {
    type: "end-step",
    id: call.id,
    state: end.state,
    result: JSON.stringify({ text }),
    error: null,
    taintedBy: end.taintedBy,
  };
  const own = end.effects ?? [];
  if (approvalId === undefined) return [step, ...own];
  const to = end.state === "finished" ? "succeeded" : "failed";
  return [step, ...own, { type: "move-execution", id: approvalId, from: ["executing"], to }];
}

function taintRun({ work }: Work, facts: WorkFacts, taints: readonly string[]): Effect[] {
  const fresh = taints.filter((one) => !facts.taintedBy.includes(one));
  if (fresh.length === 0) return [];
  const by = [...new Set([...facts.taintedBy, ...fresh])].slice(0, MOST_TAINTS);
  return [{ type: "taint-run", id: work.runId, by }];
}

async function commit(
  { clock }: WorkDeps,
  work: Work,
  name: string,
  { seen }: WorkFacts,
  effects: readonly Effect[],
): Promise<void> {
  const result = await work.commit({
    name,
    actor: SYSTEM_ACTOR.id,
    now: clock.now(),
    seen,
    effects,
  });
  if (result !== "committed")
    throw new AppError("unavailable", "The run changed while a tool was being called.");
}
