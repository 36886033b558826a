import { useRef, useState } from "react";
import { isUnauthenticated, sentenceFor } from "../api/api-error.ts";
import { useConsole } from "../shell/console-context.ts";

export interface Action {
  readonly isBusy: boolean;
  /** Why the last attempt did nothing. */
  readonly problem: string | undefined;
  /** Runs one piece of work at a time. It may return a sentence that says why it cannot be done. */
  run(work: (signal: AbortSignal) => Promise<string | undefined>): void;
}

/** Something that a button asks of the runtime, and what came of it. */
export function useAction(): Action {
  const { expire } = useConsole();
  const isRunning = useRef(false);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  async function attempt(work: Parameters<Action["run"]>[0]): Promise<void> {
    if (isRunning.current) return;
    isRunning.current = true;
    setBusy(true);
    setProblem(undefined);
    try {
      setProblem(await work(new AbortController().signal));
    } catch (error) {
      if (isUnauthenticated(error)) expire();
      else setProblem(sentenceFor(error));
    } finally {
      isRunning.current = false;
      setBusy(false);
    }
  }

  return {
    isBusy,
    problem,
    run: (work) => {
      attempt(work).catch(() => undefined);
    },
  };
}
