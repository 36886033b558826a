import { join } from "node:path";
import { SYSTEM_ACTOR } from "../core/access/actor.ts";
import { safeName } from "../core/safe-name.ts";
import { holdsOthersWords } from "../operations/holds-others-words.ts";
import type { JobContext, JobHandler, Settlement } from "../orchestrator/job-handler.ts";
import { taskWorkById } from "../store/queries/runs.ts";
import { taskById } from "../store/queries/tasks.ts";
import type { Store } from "../store/store.ts";
import { inTurn } from "../tools/filesystem/in-turn.ts";
import { parseWorkspacePath } from "../tools/filesystem/workspace-path.ts";
import { writeMarked } from "../tools/filesystem/write-marked.ts";
import { taskFileFailedReply } from "./agent-replies.ts";
import { taskFilePath, writeTaskFile } from "./task-file.ts";
import { tellAdminsToo, tellRequester } from "./tell-of-task.ts";

const DONE = { actor: SYSTEM_ACTOR.id, settle: { kind: "done" } } as const;

/** Writes what a task came to into its workspace, then notes where. Doing it twice writes the same file. */
export function createProjectFileHandler(deps: {
  readonly store: Store;
  readonly workspaceRoot: string;
  /** The one redaction point: the prompt is kept whole. */
  readonly redact: (text: string) => string;
}): JobHandler<"project-file"> {
  const { store, workspaceRoot, redact } = deps;

  async function run(context: JobContext<"project-file">): Promise<void> {
    const { taskId } = context.job.payload;
    context.signal.throwIfAborted();
    const task = await store.first(taskById, { id: taskId });
    if (task === undefined || task.finished_at_ms === null) {
      return await context.settle(async () => NO_FILE);
    }
    const finished = {
      ...task,
      prompt: redact(task.prompt),
      finished_at_ms: task.finished_at_ms,
    };
    const resultPath = taskFilePath(finished);
    const workspace = join(workspaceRoot, safeName(task.workspace_id));
    const path = parseWorkspacePath(resultPath);
    const text = writeTaskFile(finished);
    const isTainted = await holdsOthersWords(store, task);
    await inTurn(workspace, path, () => writeMarked(workspace, path, { text, isTainted }));
    await context.settle(async () => ({
      name: "project-task-file",
      effects: [{ type: "set-task-file", id: taskId, resultPath }],
      seen: [],
      ...DONE,
    }));
  }

  return {
    kind: "project-file",
    run,
    async onGiveUp(job, _error, now) {
      const { taskId } = job.payload;
      const work = await store.first(taskWorkById, { taskId });
      if (work === undefined) return { effects: [], seen: [] };
      const body = taskFileFailedReply(work.title);
      const told = await tellRequester(store, work, body, now);
      const admins = await tellAdminsToo(store, work, body, now);
      return {
        effects: [...told.effects, ...admins.effects],
        seen: [...told.seen, ...admins.seen],
      };
    },
  };
}

const NO_FILE: Settlement = { name: "project-task-file", effects: [], seen: [], ...DONE };
