import { startBotApiServer } from "../../test/support/bot-api/bot-api-server.ts";
import type { RawMessage, Sent } from "../../test/support/bot-api/chats.ts";

/** A question to the program: so many `/help`, one at a time in each chat, or so many a second, each chat in its turn. */
export type Load = { readonly messages: number; readonly chats: number } & (
  | { readonly kind: "as fast as it goes" }
  | { readonly kind: "at a pace"; readonly perSecond: number }
);

export interface LoadResult {
  /** From the first message said to the last reply received. */
  readonly durationMs: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** For each message: from the answer that brought it to the poll that confirmed it. */
  readonly confirmedAfterMs: readonly number[];
  /** For each message: from being said to its reply. */
  readonly repliedAfterMs: readonly number[];
  /** For each message: from the answer that brought it to its reply. */
  readonly repliedAfterReceiptMs: readonly number[];
  /** How busy this process was, 1 for a whole core. */
  readonly serverLoad: number;
  /** The characters of a reply, as sent. */
  readonly replyLength: number;
}

export interface BotApiReady {
  readonly url: string;
  readonly token: string;
}

interface LeavingUpdate {
  readonly update_id: number;
  readonly message?: RawMessage;
}

const FIRST_CHAT = 1_000;

/** The strict Bot API server with people who send `/help`. A process of its own: it shares none with what is measured. */
const deliveredAt = new Map<number, number>();
/** When the newest update of a chat left. */
const broughtAt = new Map<number, number>();
let confirmedAfterMs: number[] = [];
let onReply: (sent: Sent) => void = () => undefined;

const server = await startBotApiServer({ history: false, onSent: (sent) => onReply(sent) });
watchPolls();
process.on("message", (load: Load) => void run(load).then((result) => process.send?.(result)));
process.send?.({ url: server.url, token: server.token } satisfies BotApiReady);

/** Notes when each update leaves, and when a poll confirms it. */
function watchPolls(): void {
  const { updates } = server;
  const poll = updates.poll.bind(updates);
  updates.poll = (params, answer) => {
    const offset = Number(params["offset"] ?? 0);
    const now = performance.now();
    for (const [id, at] of deliveredAt) {
      if (id >= offset) break;
      confirmedAfterMs.push(now - at);
      deliveredAt.delete(id);
    }
    return poll(params, (result) => {
      answer(result);
      if (Array.isArray(result)) noteLeft(result);
    });
  };
}

function noteLeft(updates: readonly LeavingUpdate[]): void {
  const leftAt = performance.now();
  for (const { update_id: id, message } of updates) {
    if (!deliveredAt.has(id)) deliveredAt.set(id, leftAt);
    if (message !== undefined) broughtAt.set(message.chat.id, leftAt);
  }
}

async function run(load: Load): Promise<LoadResult> {
  confirmedAfterMs = [];
  deliveredAt.clear();
  const saidAt = new Map<number, number>();
  const repliedAfterMs: number[] = [];
  const repliedAfterReceiptMs: number[] = [];
  let replyLength = 0;
  let said = 0;
  const people = Array.from({ length: load.chats }, (_, n) => {
    const user = server.user(FIRST_CHAT + n, `Person ${n}`);
    return { user, chat: server.privateChat(user) };
  });
  const say = (n: number): void => {
    const person = people[n];
    if (person === undefined || said >= load.messages) return;
    said += 1;
    saidAt.set(person.chat.id, performance.now());
    server.say(person.chat, person.user, "/help");
  };
  const cpuBefore = process.cpuUsage();
  const startedAtMs = Date.now();
  const startMs = performance.now();
  const allReplied = new Promise<void>((resolve) => {
    onReply = (sent) => {
      const now = performance.now();
      repliedAfterMs.push(now - (saidAt.get(sent.chatId) ?? 0));
      repliedAfterReceiptMs.push(now - (broughtAt.get(sent.chatId) ?? 0));
      replyLength = sent.raw.length;
      if (repliedAfterMs.length === load.messages) resolve();
      else if (load.kind === "as fast as it goes") say(sent.chatId - FIRST_CHAT);
    };
  });
  if (load.kind === "as fast as it goes") for (let n = 0; n < load.chats; n += 1) say(n);
  else await sayAtPace(load, say);
  await allReplied;
  const durationMs = performance.now() - startMs;
  const cpu = process.cpuUsage(cpuBefore);
  return {
    durationMs,
    startedAtMs,
    endedAtMs: Date.now(),
    confirmedAfterMs,
    repliedAfterMs,
    repliedAfterReceiptMs,
    serverLoad: (cpu.user + cpu.system) / 1_000 / durationMs,
    replyLength,
  };
}

/** One message at each tick of an even pace, from one person after another; late ticks are made up for at once. */
async function sayAtPace(
  { messages, perSecond, chats }: Extract<Load, { kind: "at a pace" }>,
  say: (n: number) => void,
): Promise<void> {
  const startMs = performance.now();
  for (let n = 0; n < messages; n += 1) {
    const dueMs = startMs + (n * 1_000) / perSecond;
    const waitMs = dueMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    say(n % chats);
  }
}
