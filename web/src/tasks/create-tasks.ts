import type { TaskView } from "../../../src/client/shapes/task.ts";
import { cancelTask, getTask, listTasks, retryTask } from "../api/api.ts";
import { sentenceFor } from "../api/api-error.ts";
import { createRereader } from "../live/create-rereader.ts";
import { createCell, type Observable } from "../live/observable.ts";

interface TasksState {
  /** `undefined` until they were read once. */
  readonly items: readonly TaskView[] | undefined;
  /** The task that is open, as last read. */
  readonly open: TaskView | undefined;
  /** Ids of tasks with a cancel or retry under way. */
  readonly busy: ReadonlySet<string>;
  /** Why the last thing asked for was not done. */
  readonly problem: string | undefined;
}

export interface Tasks {
  readonly state: Observable<TasksState>;
  reread(signal: AbortSignal): Promise<void>;
  open(task: TaskView, signal: AbortSignal): Promise<void>;
  close(): void;
  cancel(taskId: string, signal: AbortSignal): Promise<void>;
  retry(taskId: string, signal: AbortSignal): Promise<void>;
}

const INITIAL: TasksState = {
  items: undefined,
  open: undefined,
  busy: new Set(),
  problem: undefined,
};

/** The tasks this person may see, and what can be done with them. */
export function createTasks(): Tasks {
  const state = createCell(INITIAL);

  async function readOpen(signal: AbortSignal): Promise<void> {
    const id = state.get().open?.id;
    if (id === undefined) return;
    const task = await getTask(id, signal);
    state.update((current) => (current.open?.id === id ? { ...current, open: task } : current));
  }

  const reread = createRereader(async (signal) => {
    const items = await listTasks(signal);
    state.update((current) => ({ ...current, items }));
    await readOpen(signal);
  });

  function markBusy(taskId: string, isBusy: boolean): void {
    state.update((current) => {
      const busy = new Set(current.busy);
      if (isBusy) busy.add(taskId);
      else busy.delete(taskId);
      return { ...current, busy };
    });
  }

  async function attempt(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    state.update((current) => ({ ...current, problem: undefined }));
    try {
      await work();
    } catch (error) {
      if (signal.aborted) return;
      state.update((current) => ({ ...current, problem: sentenceFor(error) }));
    }
  }

  async function change(
    taskId: string,
    ask: (taskId: string, signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    markBusy(taskId, true);
    await attempt(async () => {
      await ask(taskId, signal);
      await reread(signal);
    }, signal);
    markBusy(taskId, false);
  }

  return {
    state,
    reread,
    async open(task, signal) {
      state.update((current) => ({ ...current, open: task }));
      await attempt(() => readOpen(signal), signal);
    },
    close: () => state.update((current) => ({ ...current, open: undefined, problem: undefined })),
    cancel: (taskId, signal) => change(taskId, cancelTask, signal),
    retry: (taskId, signal) => change(taskId, retryTask, signal),
  };
}
