import { needsApprovalToReply } from "../core/approval/judge-reply.ts";
import { REPLY, type ReplyArguments, readReply } from "../core/approval/reply-call.ts";
import { newId } from "../core/ids.ts";
import { replyTool } from "../tools/content/reply.ts";
import { askAbout } from "./ask-about.ts";
import { commitStep } from "./commit-step.ts";
import type { Answered } from "./conclude.ts";
import type { JournalStep } from "./journal.ts";
import { isOwnCall, openOwnCall } from "./own-call.ts";
import type { Work, WorkDeps, WorkFacts } from "./work-scene.ts";

/** A person had to let the answer be said, and did not, or could not be asked. */
export interface NotSaid {
  readonly kind: "not_said";
  readonly isAsked: boolean;
  readonly error: string;
  /** As with an answer. */
  readonly effects: Answered["effects"];
}

/** Whether what the run says now, a draft or an answer, is said only once a person allows it. */
export function mustAskToReply({ readers }: Work, { isTainted }: WorkFacts): boolean {
  return needsApprovalToReply({ isTainted, readers });
}

/**
 * Lets the answer be said, or asks a person about it, as a call of its own which waits (`undefined`). The text is
 * journaled by the commit that ends the model's step: from there on no model is asked for it again.
 */
export async function sayOrAsk(
  deps: WorkDeps,
  work: Work,
  answered: Answered,
  number: number,
): Promise<Answered | NotSaid | undefined> {
  const input: ReplyArguments = { text: answered.text, is_cut_off: answered.isCutOff };
  const stepId = newId("step");
  const call = openOwnCall(work, { stepId, number, tool: REPLY, input });
  const { effects, isFree } = await commitStep(work, deps.clock, "ask-to-reply", async () => {
    const facts = await work.readFacts();
    if (!mustAskToReply(work, facts)) return { effects: [], seen: [], isFree: true };
    const about = { stepId, tool: replyTool, input, sensitivity: "outward" } as const;
    const asked = await askAbout(deps, work, facts, { ...about, isRepeat: false });
    if (asked === undefined) return { effects: [], seen: [], isFree: false };
    const seen = [...facts.seen, ...facts.roleSeen, ...asked.seen];
    return { effects: [...answered.effects, call, ...asked.effects], seen, isFree: false };
  });
  if (effects.length > 0) return undefined;
  if (isFree) return answered;
  const error = "the answer needs an approval, and too many are open already";
  return { kind: "not_said", isAsked: false, error, effects: answered.effects };
}

/** How a run ends whose answer a person has decided about: with exactly that text, or without. */
export function endOfReply(
  steps: readonly JournalStep[],
  runId: string,
): Answered | NotSaid | undefined {
  const step = steps.find((one) => one.run_id === runId && isOwnCall(one, REPLY));
  if (step?.state === "finished") {
    const { text, is_cut_off: isCutOff } = readReply(step.arguments ?? "");
    return { kind: "answered", text, isCutOff, effects: [] };
  }
  if (step?.state !== "denied") return undefined;
  return { kind: "not_said", isAsked: true, error: "the answer was not approved", effects: [] };
}
