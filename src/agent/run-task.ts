import type { Clock } from "../core/clock.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { newId } from "../core/ids.ts";
import type { MeteredGate } from "../llm/metered-gate.ts";
import { messagesBehindTask } from "../operations/parts-of-album.ts";
import type { JobContext, JobHandler } from "../orchestrator/job-handler.ts";
import { filesOfMessages } from "../store/queries/files.ts";
import { stepsOfRun, stepsOfTask, type TaskWork } from "../store/queries/runs.ts";
import type { Store } from "../store/store.ts";
import { commitStep } from "./commit-step.ts";
import { composePrompt, joinPrompt } from "./compose-prompt.ts";
import { filesPart } from "./describe-files.ts";
import {
  cancelTask,
  finishTask,
  giveUpTask,
  hasOpenRun,
  loadOpenTask,
  refuseTask,
  seenRun,
  seenTask,
  TASK_ALREADY_OVER,
} from "./end-task.ts";
import { closeOpenWork, PROCESS_DIED, readProgress } from "./journal.ts";
import { type Thought, think } from "./think.ts";

export interface RunTaskDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly gate: MeteredGate;
}

/**
 * Does one background task and brings its result to where it came from. Every further attempt is a new run
 * of the same task; what an earlier one finished is not paid twice.
 */
export function createRunTaskHandler(deps: RunTaskDeps): JobHandler<"run-task"> {
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
      const thought = await doTask(deps, work, context);
      if (context.isCancelled()) throw context.signal.reason;
      await context.settle((now) => finishTask(store, taskId, thought, now));
    } catch (error) {
      if (!context.isCancelled()) throw error;
      await context.settle((now) => cancelTask(store, taskId, now));
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
  { store, clock, gate }: RunTaskDeps,
  context: JobContext<"run-task">,
): Promise<RunningWork | undefined> {
  const { taskId } = context.job.payload;
  await commitStep(context, clock, "begin-task", async () => {
    const work = await loadOpenTask(store, taskId);
    if (work === undefined) return { effects: [], seen: [] };
    return await decideBegin(store, work, gate.modelFor("task"));
  });
  const work = await loadOpenTask(store, taskId);
  return work?.run_id == null ? undefined : { ...work, run_id: work.run_id };
}

async function decideBegin(store: Store, work: TaskWork, model: string): Promise<Decision> {
  const seen = seenTask(work);
  if (!hasOpenRun(work)) return { effects: startRun(work, model), seen };
  const closed = await closeOpenWork(store, work.run_id, PROCESS_DIED);
  const lastStep = (await store.all(stepsOfRun, { runId: work.run_id })).at(-1);
  if (closed.length > 0) {
    const over = endRun(work.run_id, "interrupted", PROCESS_DIED.error);
    return { effects: [...closed, over, ...startRun(work, model)], seen };
  }
  if (lastStep?.state === "failed") {
    const over = endRun(work.run_id, "failed", lastStep.error);
    return { effects: [over, ...startRun(work, model)], seen };
  }
  // The attempt before ended between two steps: its run simply goes on.
  return { effects: [], seen };
}

function endRun(id: string, to: "interrupted" | "failed", error: string | null): Effect {
  return { type: "move-run", id, from: ["queued", "running"], to, model: null, error };
}

function startRun(work: TaskWork, model: string): readonly Effect[] {
  const runId = newId("run");
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
      taint: work.taint === 1,
    },
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
  { store, clock, gate }: RunTaskDeps,
  work: RunningWork,
  context: JobContext<"run-task">,
): Promise<Thought> {
  const steps = await store.all(stepsOfTask, { taskId: work.task_id });
  const messages = await messagesBehindTask(store, work.message_id);
  const files = await filesOfMessages(
    store,
    messages.map(({ id }) => id),
  );
  const parts = [...filesPart(files), { type: "text", text: work.prompt } as const];
  const prompt = composePrompt({
    now: clock.now(),
    connector: work.connector,
    contextKind: work.context_kind,
    contextTitle: work.context_title,
    contextPrompt: work.context_prompt,
    commands: [],
    taskTitle: work.title,
  });
  return await think(
    gate,
    {
      work: {
        runId: work.run_id,
        workId: work.task_id,
        contextId: work.context_id,
        workspaceId: work.workspace_id,
        userId: work.user_id,
      },
      purpose: "task",
      instructions: joinPrompt(prompt),
      messages: [{ role: "user", content: parts }],
      progress: readProgress(steps, work.run_id),
      seen: seenRun(work),
      commit: context.commit,
      onText: undefined,
    },
    context.signal,
  );
}
