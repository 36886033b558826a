import { canonicalJson, digestCall, MOST_OPEN_APPROVALS } from "../core/approval/approval.ts";
import { policyVersion } from "../core/approval/policy.ts";
import type { Decision, Seen } from "../core/effect/commit.ts";
import type { Effect, EffectOf } from "../core/effect/effect.ts";
import { newId } from "../core/ids.ts";
import type { ModelAnswer } from "../llm/model-call.ts";
import { openApprovalsOf } from "../store/queries/approvals.ts";
import { type JudgedCall, judgeToolCall } from "../tools/judge-call.ts";
import type { Work, WorkDeps, WorkFacts } from "./work-scene.ts";

/** How long a person has to decide, unless its class says otherwise. */
const APPROVAL_MS = 24 * 60 * 60_000;

/**
 * Makes a step of every call that a model asked for: those that may run are ready, those that a person is asked about
 * wait, the rest has ended with the reason. Goes into the commit that ends the model's step.
 */
export async function openCalls(
  deps: WorkDeps,
  work: Work,
  facts: WorkFacts,
  { number, calls }: ModelAnswer,
): Promise<Decision> {
  const effects: Effect[] = [];
  const seen: Seen[] = [];
  const slots = await freeSlots(deps, work);
  for (const [index, requested] of calls.entries()) {
    const judged = judgeToolCall(deps.toolbox, requested, {
      ...facts,
      preset: deps.preset,
      isGivenAddress: work.isGivenAddress,
    });
    const slot = judged.kind === "ask" ? slots.shift() : undefined;
    const call = openCall(deps, work, {
      number: number + 1 + index,
      round: number,
      requested,
      judged,
      isFull: slot === undefined,
    });
    effects.push(call);
    if (judged.kind !== "ask" || slot === undefined) continue;
    const approval = openApproval(deps, work, facts, { call, judged, slot });
    const asked = await work.askFor(approval.id, judged.tool.describe(judged.input as never));
    effects.push(approval, ...asked.effects);
    seen.push(...asked.seen);
  }
  return { effects, seen };
}

interface CallToOpen {
  readonly number: number;
  readonly round: number;
  readonly requested: ModelAnswer["calls"][number];
  readonly judged: JudgedCall;
  /** No slot is left for another approval. */
  readonly isFull: boolean;
}

function openCall(
  { preset }: WorkDeps,
  { work }: Work,
  { number, round, requested, judged, isFull }: CallToOpen,
): EffectOf<"open-call"> {
  // What was parsed, not what was written: a default that the schema fills in is part of what is approved.
  const input = judged.kind === "refuse" ? requested.input : judged.input;
  const { state, text } = beginningOf(judged, isFull);
  return {
    type: "open-call",
    id: newId("step"),
    runId: work.runId,
    number,
    round,
    callId: requested.callId,
    tool: requested.tool,
    arguments: canonicalJson(input ?? null),
    digest: digestCall({
      tool: requested.tool,
      arguments: input ?? null,
      contextId: work.contextId,
      workspaceId: work.workspaceId,
      policyVersion: policyVersion(preset),
    }),
    state,
    result: text === null ? null : JSON.stringify({ text }),
    error: null,
  };
}

function beginningOf(
  judged: JudgedCall,
  isFull: boolean,
): { readonly state: "ready" | "waiting" | "failed" | "denied"; readonly text: string | null } {
  if (judged.kind === "refuse") return { state: "failed", text: judged.text };
  if (judged.kind === "run") return { state: "ready", text: null };
  if (!isFull) return { state: "waiting", text: null };
  return {
    state: "denied",
    text: `This needs an approval, and ${MOST_OPEN_APPROVALS} are open in this conversation already. Tell the person to decide those first.`,
  };
}

function openApproval(
  { preset, clock }: WorkDeps,
  { work }: Work,
  { taintedBy }: WorkFacts,
  {
    call,
    judged,
    slot,
  }: {
    readonly call: EffectOf<"open-call">;
    readonly judged: Extract<JudgedCall, { kind: "run" | "ask" }>;
    readonly slot: number;
  },
): EffectOf<"open-approval"> {
  const now = clock.now();
  return {
    type: "open-approval",
    id: newId("act"),
    runId: work.runId,
    stepId: call.id,
    workspaceId: work.workspaceId,
    contextId: work.contextId,
    requestedByUserId: work.userId,
    tool: call.tool,
    toolClass: judged.tool.class,
    sensitivity: judged.sensitivity,
    arguments: call.arguments,
    digest: call.digest,
    policyVersion: policyVersion(preset),
    taintedBy,
    slot,
    expiresAtMs: now + APPROVAL_MS,
    remindAtMs: now + APPROVAL_MS / 2,
  };
}

async function freeSlots({ store }: WorkDeps, { work }: Work): Promise<number[]> {
  const open = await store.all(openApprovalsOf, { contextId: work.contextId });
  const taken = new Set(open.map(({ slot }) => slot));
  return Array.from({ length: MOST_OPEN_APPROVALS }, (_, slot) => slot).filter(
    (slot) => !taken.has(slot),
  );
}
