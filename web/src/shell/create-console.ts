import type { RuntimeInfo } from "../../../src/client/shapes/info.ts";
import { getInfo } from "../api/api.ts";
import { isUnauthenticated } from "../api/api-error.ts";
import {
  type Conversation,
  createConversation,
  type WrittenMessage,
} from "../conversation/create-conversation.ts";
import { createOutbox } from "../conversation/outbox.ts";
import { createFollowers, type Follower } from "../live/create-followers.ts";
import type { Draft } from "../live/draft.ts";
import { createCell, type Observable } from "../live/observable.ts";
import { type Connection, stayConnected } from "../live/stay-connected.ts";
import { loadRenderer } from "../markdown/load-renderer.ts";
import { createTasks, type Tasks } from "../tasks/create-tasks.ts";
import { createWaiting, type Waiting } from "./create-waiting.ts";

export interface Console extends Waiting {
  readonly connection: Observable<Connection>;
  readonly info: Observable<RuntimeInfo>;
  readonly conversation: Conversation;
  readonly tasks: Tasks;
  /** Reads now, and again whenever something changed. Returns how to stop. */
  follow(follower: Follower): () => void;
  /** Sends `text` as a message of this person; it is kept until the runtime has taken it. */
  say(text: string): void;
  /** The same for the command of a button. Presses with one `pressId` are one message. */
  press(command: string, pressId?: string): void;
  /** Goes on until `signal` aborts or the session ends. */
  run(signal: AbortSignal): Promise<void>;
}

export interface ConsoleOptions {
  readonly info: RuntimeInfo;
  readonly storage: Storage;
  readonly onLoggedOut: () => void;
}

/** Everything one logged-in page knows and does, apart from how it looks. */
export function createConsole({
  info: initialInfo,
  storage,
  onLoggedOut,
}: ConsoleOptions): Console {
  const connection = createCell<Connection>("connecting");
  const info = createCell(initialInfo);
  const conversation = createConversation(createOutbox(storage, initialInfo.user.id));
  const tasks = createTasks();
  const followers = createFollowers();
  const waiting = createWaiting(info, followers.add);
  let life = new AbortController().signal;

  async function readInfo(signal: AbortSignal): Promise<void> {
    const fresh = await getInfo(signal);
    info.update((known) => (JSON.stringify(known) === JSON.stringify(fresh) ? known : fresh));
  }

  async function rereadAll(signal: AbortSignal): Promise<void> {
    await Promise.all([
      readInfo(signal),
      // Shown as plain text first and as Markdown a moment later, the history would jump.
      loadRenderer().then(() => conversation.reread(signal)),
      tasks.reread(signal),
      followers.rereadAll(signal),
    ]);
  }

  async function onChange(topics: ReadonlySet<string>, signal: AbortSignal): Promise<void> {
    const reads = [followers.onChange(topics, signal)];
    if (topics.has("tasks")) reads.push(tasks.reread(signal));
    if (mayTouchConversation(topics)) reads.push(conversation.reread(signal));
    await Promise.all(reads);
  }

  async function onDraft(draft: Draft, signal: AbortSignal): Promise<void> {
    conversation.showDraft(draft);
    // Either the turn has just begun, or the draft was overtaken by its answer: only the runtime knows.
    if (!conversation.state.get().isRunning) await conversation.reread(signal);
  }

  function expireIfEnded(error: unknown): void {
    if (isUnauthenticated(error)) onLoggedOut();
  }

  function flush(): void {
    conversation.flush(life).catch(expireIfEnded);
  }

  function write(message: WrittenMessage): void {
    conversation.write(message);
    flush();
  }

  function onStorage(event: StorageEvent): void {
    if (event.storageArea === storage) conversation.reloadUnsent();
  }

  return {
    connection,
    info,
    conversation,
    tasks,
    ...waiting,
    follow(follower) {
      follower.reread(life).catch(expireIfEnded);
      return followers.add(follower);
    },
    say: (text) => write({ text }),
    press: (command, pressId) => write({ text: command, isPressed: true, messageId: pressId }),
    async run(signal) {
      life = signal;
      addEventListener("storage", onStorage, { signal });
      await stayConnected(
        {
          connection,
          rereadAll,
          glance: readInfo,
          onOnline: flush,
          onChange,
          onDraft,
          onLoggedOut,
        },
        signal,
      );
    },
  };
}

/** Messages, runs, deliveries and jobs all may change what the conversation shows. */
function mayTouchConversation(topics: ReadonlySet<string>): boolean {
  return [...topics].some((topic) => topic !== "tasks");
}
