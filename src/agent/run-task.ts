import type { EpochMs } from "../core/clock.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { newId } from "../core/ids.ts";
import { findTriagedMessage } from "../operations/find-triaged-message.ts";
import { messagesBehindTask } from "../operations/parts-of-album.ts";
import type { JobContext, JobHandler } from "../orchestrator/job-handler.ts";
import { filesOfMessages } from "../store/queries/files.ts";
import { stepsOfRun, stepsOfTask, type TaskWork } from "../store/queries/runs.ts";
import type { Store } from "../store/store.ts";
import { commitStep } from "./commit-step.ts";
import { filesPart } from "./describe-files.ts";
import {
  cancelTask,
  finishTask,
  giveUpTask,
  hasOpenRun,
  loadOpenTask,
  refuseTask,
  seenTask,
  TASK_ALREADY_OVER,
} from "./end-task.ts";
import { closeLostAnswers, PROCESS_DIED } from "./journal.ts";
import { findQuotes } from "./memory/find-quotes.ts";
import { lineOfQuote, taintsOf, taintsOfFiles } from "./memory/load-conversation.ts";
import { parkRun } from "./park-run.ts";
import { tellTask } from "./prompt/tell.ts";
import { readWorkFacts } from "./read-work-facts.ts";
import { taintAtBegin } from "./taint-at-begin.ts";
import { isForAdminsOnly, readersOfResult } from "./tell-of-task.ts";
import { goOnWith, type Worked } from "./work.ts";
import type { Work, WorkDeps } from "./work-scene.ts";

/**
 * Does one background task and brings its result to where it came from. Every further attempt is a new run
 * of the same task; what an earlier one finished is not paid twice. One that waits for people is parked.
 */
export function createRunTaskHandler(deps: WorkDeps): JobHandler<"run-task"> {
  const { store, gate } = deps;

  async function run(context: JobContext<"run-task">): Promise<void> {
    const { taskId } = context.job.payload;
    try {
      context.signal.throwIfAborted();
      if (!gate.isEnabled) {
        return await context.settle((now) => refuseTask(store, taskId, now));
      }
      const work = await beginTask(deps, context);
      if (work === undefined) return await context.settle(async () => TASK_ALREADY_OVER);
      const worked = await doTask(deps, work, context);
      if (context.isCancelled()) throw context.signal.reason;
      await context.settle((now) =>
        worked.kind === "parked"
          ? parkRun(store, work.run_id, now)
          : finishTask(deps, taskId, worked, now),
      );
    } catch (error) {
      if (!context.isCancelled()) throw error;
      await context.settle((now) => cancelTask(store, context.job, now));
    }
  }

  return {
    kind: "run-task",
    run,
    onGiveUp: (job, error, now) => giveUpTask(store, job, error, now),
  };
}

type RunningWork = TaskWork & { readonly run_id: string };

/** Puts the task to work, or takes it over from an attempt that ended early. `undefined`: it is over. */
async function beginTask(
  { store, clock, gate }: WorkDeps,
  context: JobContext<"run-task">,
): Promise<RunningWork | undefined> {
  const { taskId } = context.job.payload;
  await commitStep(context, clock, "begin-task", async (now) => {
    const work = await loadOpenTask(store, taskId);
    if (work === undefined) return { effects: [], seen: [] };
    return await decideBegin({ store, now }, work, gate.modelFor(await purposeOf(store, work)));
  });
  const work = await loadOpenTask(store, taskId);
  return work?.run_id == null ? undefined : { ...work, run_id: work.run_id };
}

/** What a stranger reported, and triage made a task of, has a model of its own. */
async function purposeOf(store: Store, { message_id }: TaskWork): Promise<"task" | "triage"> {
  return (await findTriagedMessage(store, { message_id })) === undefined ? "task" : "triage";
}

async function decideBegin(
  deps: { readonly store: Store; readonly now: EpochMs },
  work: TaskWork,
  model: string,
): Promise<Decision> {
  const seen = seenTask(work);
  if (!hasOpenRun(work)) return { effects: await startRun(deps.store, work, model), seen };
  const closed = await closeLostAnswers(deps, work.run_id);
  const lastStep = (await deps.store.all(stepsOfRun, { runId: work.run_id })).at(-1);
  if (closed.length > 0) {
    const over = endRun(work.run_id, "interrupted", PROCESS_DIED.error);
    return { effects: [...closed, over, ...(await startRun(deps.store, work, model))], seen };
  }
  // A tool that failed is the model's to deal with; when the model itself failed, this is another attempt.
  if (lastStep?.kind === "model" && lastStep.state === "failed") {
    const over = endRun(work.run_id, "failed", lastStep.error);
    return { effects: [over, ...(await startRun(deps.store, work, model))], seen };
  }
  // The attempt before ended between two steps, or was parked: its run simply goes on.
  const isParked = work.run_state !== "running";
  return { effects: isParked ? goOn(work, model) : [], seen };
}

/** A run that waited for people is at work again; it is the same attempt. */
function goOn({ task_id: id, run_id: runId }: TaskWork & { run_id: string }, model: string) {
  return [
    { type: "move-run", id: runId, from: ["queued", "parked"], to: "running", model, error: null },
    {
      type: "move-task",
      id,
      from: ["blocked"],
      to: "running",
      runId: null,
      resultSummary: null,
      resultText: null,
      errorMessage: null,
    },
  ] satisfies readonly Effect[];
}

function endRun(id: string, to: "interrupted" | "failed", error: string | null): Effect {
  return { type: "move-run", id, from: ["queued", "running"], to, model: null, error };
}

/** What the attempt before it had read is in its journal, which this one goes on from. */
async function startRun(store: Store, work: TaskWork, model: string): Promise<readonly Effect[]> {
  const runId = newId("run");
  const before = JSON.parse(work.run_tainted_by ?? "[]") as readonly string[];
  const isTainted = work.taint === 1 || work.run_taint === 1;
  const messages = await messagesBehindTask(store, work.message_id);
  const place = work.context_title;
  return [
    {
      type: "create-run",
      id: runId,
      kind: "task",
      workspaceId: work.workspace_id,
      contextId: work.context_id,
      userId: work.user_id,
      messageId: work.message_id,
      taskId: work.task_id,
      taint: isTainted,
    },
    ...(await taintAtBegin(store, { runId, place, messages, isTainted, before })),
    { type: "move-run", id: runId, from: ["queued"], to: "running", model, error: null },
    {
      type: "move-task",
      id: work.task_id,
      from: ["queued", "running"],
      to: "running",
      runId,
      resultSummary: null,
      resultText: null,
      errorMessage: null,
    },
  ];
}

async function doTask(
  deps: WorkDeps,
  task: RunningWork,
  context: JobContext<"run-task">,
): Promise<Worked> {
  const { store } = deps;
  const { task_id: taskId, run_id: runId, context_id: contextId, user_id: userId } = task;
  const messages = await messagesBehindTask(store, task.message_id);
  const files = await filesOfMessages(
    store,
    messages.map(({ id }) => id),
  );
  const quotes = [...(await findQuotes(store, contextId, messages)).values()];
  const told = await tellTask(deps, task, {
    title: task.title,
    prompt: task.prompt,
    about: [
      ...quotes.map((quote) => ({ type: "text" as const, text: lineOfQuote(quote) })),
      ...filesPart(files),
    ],
    taintedBy: [...taintsOf(quotes), ...taintsOfFiles(files)],
  });
  const work: Work = {
    work: { runId, workId: taskId, contextId, workspaceId: task.workspace_id, userId },
    origin: {
      messageId: task.message_id,
      replyToExternalId: task.external_message_id,
      taskId,
      isForAdminsOnly: isForAdminsOnly(task),
    },
    readers: readersOfResult(task),
    purpose: await purposeOf(store, task),
    told,
    readFacts: () => readWorkFacts(store, { runId, userId }),
    readSteps: () => store.all(stepsOfTask, { taskId }),
    commit: context.commit,
    onText: undefined,
  };
  return await goOnWith(deps, work, context.signal);
}
