import { canonicalJson, MOST_OPEN_APPROVALS } from "../core/approval/approval.ts";
import type { Decision, Seen } from "../core/effect/commit.ts";
import type { Effect, EffectOf } from "../core/effect/effect.ts";
import { newId } from "../core/ids.ts";
import type { ModelAnswer } from "../llm/model-call.ts";
import { type JudgedCall, judgeToolCall } from "../tools/judge-call.ts";
import { askAbout } from "./ask-about.ts";
import type { Work, WorkDeps, WorkFacts } from "./work-scene.ts";

const TOO_MANY_OPEN = `This needs an approval, and ${MOST_OPEN_APPROVALS} are open in this conversation already. Tell the person to decide those first.`;
const NO_CALLS_LEFT = "This run has used up its tool calls.";

type Beginning = Pick<EffectOf<"open-call">, "state"> & { readonly text: string | null };

/**
 * Makes a step of every call that a model asked for: those that may run are ready, those that a person is asked about
 * wait, the rest has ended with the reason. Goes into the commit that ends the model's step.
 */
export async function openCalls(
  deps: WorkDeps,
  work: Work,
  facts: WorkFacts,
  { number, calls, callsLeft }: Pick<ModelAnswer, "number" | "calls"> & { callsLeft: number },
): Promise<Decision> {
  const effects: Effect[] = [];
  const seen: Seen[] = [];
  const taken = new Set<number | null>();
  for (const [index, requested] of calls.entries()) {
    const stepId = newId("step");
    const judged: JudgedCall =
      index < callsLeft
        ? judgeToolCall(deps.toolbox, requested, {
            ...facts,
            preset: deps.approvals.preset,
          })
        : { kind: "refuse", text: NO_CALLS_LEFT };
    const asked =
      judged.kind === "ask"
        ? await askAbout(deps, work, facts, { stepId, isRepeat: false, ...judged }, taken)
        : undefined;
    if (asked !== undefined) taken.add(asked.slot);
    const beginning = beginningOf(judged, asked === undefined);
    const at = { id: stepId, number: number + 1 + index, round: number };
    effects.push(openCall(work, at, { requested, judged, beginning }));
    effects.push(...(asked?.effects ?? []));
    seen.push(...(asked?.seen ?? []));
  }
  return { effects, seen };
}

function openCall(
  { work: { runId } }: Work,
  at: Pick<EffectOf<"open-call">, "id" | "number" | "round">,
  call: {
    readonly requested: ModelAnswer["calls"][number];
    readonly judged: JudgedCall;
    readonly beginning: Beginning;
  },
): EffectOf<"open-call"> {
  const { requested, judged, beginning } = call;
  // What was parsed, not what was written: a default that the schema fills in is part of what is approved.
  const input = judged.kind === "refuse" ? (requested.input ?? null) : judged.input;
  const { tool } = requested;
  return {
    type: "open-call",
    ...at,
    runId,
    callId: requested.callId,
    tool,
    arguments: canonicalJson(input),
    state: beginning.state,
    result: beginning.text === null ? null : JSON.stringify({ text: beginning.text }),
    error: null,
  };
}

function beginningOf(judged: JudgedCall, isFull: boolean): Beginning {
  if (judged.kind === "refuse") return { state: "failed", text: judged.text };
  if (judged.kind === "run") return { state: "ready", text: null };
  return isFull ? { state: "denied", text: TOO_MANY_OPEN } : { state: "waiting", text: null };
}
