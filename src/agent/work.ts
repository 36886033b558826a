import type { Effect } from "../core/effect/effect.ts";
import { sha256Hex } from "../core/ids.ts";
import type { ModelAnswer } from "../llm/model-call.ts";
import { SpendCapReached } from "../llm/spend-cap-reached.ts";
import type { OfferedTool } from "../tools/toolbox.ts";
import { endOfReply, mustAskToReply, type NotSaid, sayOrAsk } from "./ask-to-reply.ts";
import { askToSpend } from "./ask-to-spend.ts";
import { commitStep } from "./commit-step.ts";
import { type Answered, conclude, type Withheld } from "./conclude.ts";
import { endReadsLater, type WorkOnReads } from "./end-reads-later.ts";
import { type Progress, readProgress } from "./journal.ts";
import { findLastAnswer, findLimit, type LimitReached, tellOfLast } from "./limits.ts";
import { fitRequest } from "./memory/fit-request.ts";
import { openCalls } from "./open-calls.ts";
import { recoverCalls } from "./recover-calls.ts";
import { runOpenCalls, taintRun } from "./run-calls.ts";
import type { Work, WorkDeps } from "./work-scene.ts";

/** How work ended. */
export type Ended =
  | Answered
  | Withheld
  | NotSaid
  /** Whoever it was for is a stranger by now: nothing more is done or told. */
  | {
      readonly kind: "disowned";
      readonly error: string;
      /** As with an answer. */
      readonly effects: readonly Effect[];
    }
  | {
      readonly kind: "out_of_budget";
      /** Of money there are several caps; whoever was asked about one knows which. */
      readonly limit: LimitReached["limit"] | "money";
      readonly most: number | null;
      readonly error: string;
      /** As with an answer. */
      readonly effects: readonly Effect[];
    };

export type Unanswered = Exclude<Ended, { kind: "answered" }>;

/** `parked`: calls wait for a person; nothing more can be done until they decide. */
export type Worked = Ended | { readonly kind: "parked" };

/**
 * Goes on with a piece of work from what its journal says: runs what may run, asks the model, until it answers, must
 * wait, or has used up its limits.
 * @throws as `MeteredGate.call` does; `signal.reason` on abort.
 */
export async function goOnWith(deps: WorkDeps, work: Work, signal: AbortSignal): Promise<Worked> {
  const onReads = endReadsLater(deps, work);
  const worked = await goOn(deps, onReads, signal);
  await onReads.writeEnds();
  return worked;
}

async function goOn(deps: WorkDeps, work: WorkOnReads, signal: AbortSignal): Promise<Worked> {
  for (;;) {
    const steps = await work.readSteps();
    const replied = endOfReply(steps, work.work.runId);
    if (replied !== undefined) return replied;
    const progress = readProgress(steps, work.work.runId);
    const worked =
      progress.open.length > 0
        ? await workOff(deps, work, progress.open, signal)
        : await goOneRound(deps, work, progress, signal);
    if (worked !== undefined) return worked;
  }
}

/** Runs the open calls that may run. */
async function workOff(
  deps: WorkDeps,
  work: WorkOnReads,
  open: Progress["open"],
  signal: AbortSignal,
): Promise<Worked | undefined> {
  const { runId } = work.work;
  await recoverCalls(deps, work, open);
  await runOpenCalls(deps, work, readProgress(await work.readSteps(), runId).open, signal);
  const left = readProgress(await work.readSteps(), runId).open;
  return left.length > 0 ? { kind: "parked" } : undefined;
}

/** Asks the model once, if it is still somebody's and the limits leave it that. */
async function goOneRound(
  deps: WorkDeps,
  work: Work,
  progress: Progress,
  signal: AbortSignal,
): Promise<Worked | undefined> {
  const disowned = await findDisowned(work);
  if (disowned !== undefined) return disowned;
  const reached = await findLimit(deps.store, deps.limits, work.work.runId, progress);
  if (reached !== undefined) return outOf(reached);
  const last = findLastAnswer(deps.limits, progress);
  const answer = await askWithinCaps(deps, work, { progress, last }, signal);
  if (answer === "asked") return undefined;
  if (answer === "over") return OUT_OF_MONEY;
  if (answer.calls.length === 0) return await endWith(deps, work, answer);
  // It wants to go on all the same.
  if (last !== undefined) return outOf(last, answer.effects);
  const callsLeft = deps.limits.toolCalls - progress.calls;
  await takeUp(deps, work, { ...answer, callsLeft });
  return undefined;
}

/** `undefined`: a person is asked first whether it may be said. */
async function endWith(
  deps: WorkDeps,
  work: Work,
  answer: ModelAnswer,
): Promise<Ended | undefined> {
  const disowned = await findDisowned(work, answer.effects);
  if (disowned !== undefined) return disowned;
  const concluded = conclude(deps, work, answer);
  if (concluded.kind !== "answered") return concluded;
  return await sayOrAsk(deps, work, concluded, answer.number + 1);
}

/** What nobody asked for, a stranger's report, is nobody's from its beginning. */
async function findDisowned(
  { work, readFacts }: Work,
  effects: readonly Effect[] = [],
): Promise<Ended | undefined> {
  if (work.userId === null || (await readFacts()).role !== undefined) return undefined;
  return { kind: "disowned", error: "whoever asked for it was unlinked", effects };
}

const OUT_OF_MONEY: Ended = {
  kind: "out_of_budget",
  limit: "money",
  most: null,
  error: "a cap on spend was reached",
  effects: [],
};

function outOf({ limit, most }: LimitReached, effects: readonly Effect[] = []): Ended {
  const error = `the limit of ${most} ${limit} was reached`;
  return { kind: "out_of_budget", limit, most, error, effects };
}

interface Round {
  readonly progress: Progress;
  /** The limit that leaves this answer, and none after it. */
  readonly last: LimitReached | undefined;
}

/** `asked`: a cap holds the next call back, and a person is asked to raise it. `over`: nobody does. */
async function askWithinCaps(
  deps: WorkDeps,
  work: Work,
  round: Round,
  signal: AbortSignal,
): Promise<ModelAnswer | "asked" | "over"> {
  try {
    return await ask(deps, work, round, signal);
  } catch (error) {
    if (!(error instanceof SpendCapReached)) throw error;
    return (await askToSpend(deps, work, error)) ? "asked" : "over";
  }
}

/** The run is tainted by what is told before it is told. A draft is a reply: where one is asked about, none is shown. */
async function ask(
  { gate, clock, toolbox, prompts, folderOf }: WorkDeps,
  work: Work,
  { progress, last }: Round,
  signal: AbortSignal,
): Promise<ModelAnswer> {
  const { told, purpose, commit } = work;
  const { offered: tools } = await toolbox.in(folderOf(work.work.workspaceId));
  await commitStep(work, clock, "taint-run", async () => {
    const facts = await work.readFacts();
    return { effects: taintRun(work, facts, told.taintedBy), seen: facts.seen };
  });
  const { exchanges, nextNumber: number } = progress;
  const { contextTokens: budgetTokens } = prompts;
  const notice = last === undefined ? undefined : tellOfLast(last);
  const request = fitRequest({ ...told, tools, exchanges, budgetTokens, notice });
  const before = pinRun(work, tools);
  const facts = await work.readFacts();
  const { seen, model: pinned } = facts;
  const onText = mustAskToReply(work, facts) ? undefined : work.onText;
  return await gate.call(
    { work: work.work, purpose, pinned, ...request, tools, number, seen, before, commit, onText },
    signal,
  );
}

/** What the run was told last, so that it can be looked up. */
function pinRun({ work, told }: Work, tools: readonly OfferedTool[]): readonly Effect[] {
  const { promptDigest } = told;
  const toolsDigest = sha256Hex(JSON.stringify(tools));
  return [{ type: "pin-run", id: work.runId, promptDigest, toolsDigest }];
}

/**
 * The model's step ends together with the steps of the calls it asked for: neither is there without the other. Quick
 * reads are written down with the next call of a model, which is synced: so is this, then.
 */
async function takeUp(
  deps: WorkDeps,
  work: Work,
  answer: ModelAnswer & { readonly callsLeft: number },
): Promise<void> {
  const isSyncedWithNext = answer.calls.every(
    ({ tool }) => deps.toolbox.find(tool)?.effect === "read",
  );
  const decide = async () => {
    const facts = await work.readFacts();
    const opened = await openCalls(deps, work, facts, answer);
    return {
      effects: [...answer.effects, ...opened.effects],
      seen: [...facts.seen, ...facts.roleSeen, ...opened.seen],
    };
  };
  await commitStep(work, deps.clock, "open-tool-calls", decide, { isSyncedWithNext });
}
