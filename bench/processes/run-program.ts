import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** A program of the bench in a process of its own; it is asked one thing at a time. */
export interface Program<Question, Answer> {
  ask(question: Question): Promise<Answer>;
  stop(): Promise<void>;
}

/** Starts `file` with Node's IPC; settles when it has sent its first message, which is returned. */
export async function runProgram<Question extends object, Answer, Ready>(
  file: URL,
  args: readonly string[] = [],
): Promise<{ program: Program<Question, Answer>; ready: Ready }> {
  const child = fork(file, args, {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ready = (await nextMessage(child)) as Ready;
  return {
    ready,
    program: {
      async ask(question) {
        const answer = nextMessage(child);
        child.send(question);
        return (await answer) as Answer;
      },
      stop: () => stop(child),
    },
  };
}

async function nextMessage(child: ChildProcess): Promise<unknown> {
  const gone = new AbortController();
  const exited = once(child, "exit", { signal: gone.signal }).then(() => {
    throw new Error("a program of the bench ended too soon");
  });
  try {
    const [message] = await Promise.race([once(child, "message", { signal: gone.signal }), exited]);
    return message;
  } finally {
    gone.abort();
    exited.catch(() => undefined);
  }
}

/** Ends a child and waits until it is gone. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}
