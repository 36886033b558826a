import { canonicalJson, MOST_OPEN_APPROVALS } from "../core/approval/approval.ts";
import { policyVersion } from "../core/approval/policy.ts";
import type { Decision } from "../core/effect/commit.ts";
import { newId } from "../core/ids.ts";
import { isPost, type Sensitivity } from "../core/tool/tool-facts.ts";
import { askForApproval } from "../operations/ask-for-approval.ts";
import { takenSlotsOf } from "../store/queries/approvals.ts";
import { raiseSpendTool } from "../tools/spend/raise-spend.ts";
import type { Tool } from "../tools/tool.ts";
import { digestOfCall } from "./digest-of-call.ts";
import type { Work, WorkDeps, WorkFacts } from "./work-scene.ts";

const SLOTS = Array.from({ length: MOST_OPEN_APPROVALS }, (_, at) => at);

export interface CallToAsk {
  readonly stepId: string;
  readonly tool: Tool;
  readonly input: unknown;
  readonly sensitivity: Sensitivity;
  /** It may have happened already. */
  readonly isRepeat: boolean;
}

/** Asks a person about one call. `undefined`: as many as may be open in the conversation are. */
export async function askAbout(
  deps: WorkDeps,
  work: Work,
  facts: WorkFacts,
  call: CallToAsk,
  taken: ReadonlySet<number | null> = new Set(),
): Promise<(Decision & { readonly slot: number | null }) | undefined> {
  const { contextId } = work.work;
  const open = await deps.store.all(takenSlotsOf, { contextId });
  const used = new Set([...taken, ...open.map((one) => one.slot)]);
  // Of these only one that is asked again, after a crash, comes here.
  const slot = call.tool === raiseSpendTool ? null : SLOTS.find((one) => !used.has(one));
  if (slot === undefined) return undefined;
  return { ...(await openQuestion(deps, work, facts, { ...call, slot })), slot };
}

/**
 * `slot` null: it is none of those that are counted. A question for more money is not: a model cannot ask it, and work that
 * may ask nobody would end.
 */
export async function openQuestion(
  deps: WorkDeps,
  work: Work,
  facts: WorkFacts,
  { slot, ...call }: CallToAsk & { readonly slot: number | null },
): Promise<Decision> {
  const { clock, store, approvals } = deps;
  const { contextId, workspaceId, runId, userId } = work.work;
  const { tool, input, sensitivity } = call;
  const now = clock.now();
  const lifeMs = approvals.lifeMsOf(tool.class);
  const { twoPersonClasses } = approvals;
  return await askForApproval(
    { store, now, twoPersonClasses },
    {
      ...work.origin,
      approval: {
        type: "open-approval",
        id: newId("act"),
        runId,
        stepId: call.stepId,
        workspaceId,
        contextId,
        requestedByUserId: userId,
        isRepeat: call.isRepeat,
        line: tool.describe(input as never),
        tool: tool.name,
        toolClass: tool.class,
        sensitivity,
        arguments: canonicalJson(input),
        digest: digestOfCall(deps, work, tool, input),
        policyVersion: policyVersion(approvals.preset),
        taintedBy: facts.taintedBy,
        slot,
        undoMs: isPost(tool.effect, sensitivity) ? approvals.undoMs : 0,
        expiresAtMs: now + lifeMs,
        remindAtMs: now + lifeMs / 2,
      },
    },
  );
}
