import type { Decision, Seen } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { REPEATABLE } from "../core/tool/tool-facts.ts";
import { tellApprovers } from "../operations/tell-approvers.ts";
import { approvalOfStep } from "../store/queries/approvals.ts";
import type { Tool } from "../tools/tool.ts";
import { askAbout, type CallToAsk } from "./ask-about.ts";
import { commitStep } from "./commit-step.ts";
import { findTool } from "./find-tool.ts";
import type { OpenCall } from "./journal.ts";
import type { Work, WorkDeps, WorkFacts } from "./work-scene.ts";

/**
 * What becomes of calls that an earlier attempt died in. What only reads is done again; of anything else nobody knows
 * whether it happened, so a person is asked.
 */
export async function recoverCalls(
  deps: WorkDeps,
  work: Work,
  open: readonly OpenCall[],
): Promise<void> {
  const lost = open.filter(({ state }) => state === "started");
  if (lost.length === 0) return;
  await commitStep(work, deps.clock, "recover-tool-calls", async () => {
    const facts = await work.readFacts();
    const effects: Effect[] = [];
    const seen: Seen[] = [...facts.seen];
    const taken = new Set<number | null>();
    for (const call of lost) {
      const recovered = await recover(deps, work, facts, { call, taken });
      effects.push(...recovered.effects);
      seen.push(...recovered.seen);
    }
    return { effects, seen };
  });
}

interface LostCall {
  readonly call: OpenCall;
  readonly taken: Set<number | null>;
}

async function recover(
  deps: WorkDeps,
  work: Work,
  facts: WorkFacts,
  { call, taken }: LostCall,
): Promise<Decision> {
  const approval = await deps.store.first(approvalOfStep, { stepId: call.id });
  const tool = findTool(deps, call.name);
  const isConsumed = approval?.execution === "executing";
  const seen: Seen[] =
    approval === undefined
      ? []
      : [{ table: "approvals", id: approval.id, version: approval.version }];
  if (tool !== undefined && REPEATABLE.includes(tool.effect)) {
    const to = approval === undefined ? "ready" : "waiting";
    const effects: Effect[] = [{ type: "interrupt-call", id: call.id, to }];
    if (isConsumed) {
      effects.push({
        type: "move-execution",
        id: approval.id,
        from: ["executing"],
        to: "not_executed",
      });
    }
    return { effects, seen };
  }
  const doubt: Effect[] = [{ type: "interrupt-call", id: call.id, to: "unknown" }];
  if (isConsumed) {
    doubt.push({ type: "move-execution", id: approval.id, from: ["executing"], to: "unknown" });
    const outcome = { kind: "unknown", why: "the runtime ended while this call ran" } as const;
    doubt.push(
      ...(await tellApprovers({ store: deps.store, now: deps.clock.now() }, approval.id, outcome)),
    );
  }
  const repeat = tool && findRepeat(tool, call);
  const asked = repeat && (await askAbout(deps, work, facts, repeat, taken));
  if (asked === undefined) {
    const text = "The runtime ended while this call ran: nobody knows whether it happened.";
    const result = JSON.stringify({ text });
    return {
      effects: [...doubt, { type: "deny-call", id: call.id, from: "unknown", result }],
      seen,
    };
  }
  taken.add(asked.slot);
  return { effects: [...doubt, ...asked.effects], seen: [...seen, ...asked.seen] };
}

/** The same call as its tool takes it now; `undefined` when it takes it no more. */
function findRepeat(tool: Tool, call: OpenCall): CallToAsk | undefined {
  const input = tool.input.safeParse(JSON.parse(call.arguments));
  if (!input.success) return undefined;
  try {
    const sensitivity = tool.sensitivityOf(input.data);
    // These may refuse as well, and are needed for the question.
    tool.describe(input.data);
    tool.fingerprintOf?.(input.data);
    return { stepId: call.id, tool, input: input.data, sensitivity, isRepeat: true };
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
