import type { Chat, Sent, User } from "../../support/bot-api/chats.ts";
import type { Scene } from "../whole-runtime/scene.ts";
import { checkMoment } from "./check-moment.ts";
import type { CountingWorld } from "./world.ts";

const MINUTE_MS = 60_000;
/** Longer than half of what a call of MCP waits. */
const OVER_HALF_MS = 35 * MINUTE_MS;
/** Longer than a mail in doubt is left alone. */
const AFTER_DOUBT_MS = 11 * MINUTE_MS;
/** Ids of calls that people want done again when nobody knows whether they were done. */
export const AGAIN: readonly string[] = ["o1", "k1", "c1", "m1"];
export const DENIED = "o2";
export const EXPIRED = "k2";
const TOO_LATE = "o4";
const TAKEN_BACK = "o5";
/** What each script takes of a model: its rounds, and its answer. The last ends before its second. */
export const ANSWERS_OF: Readonly<Record<string, number>> = {
  q1: 3,
  q2: 3,
  q3: 3,
  q4: 3,
  q5: 3,
  q6: 2,
  q7: 1,
  q8: 2,
};

/** An approval that waits, and the id of its call. */
interface Waiting {
  readonly id: string;
  readonly is_repeat: number;
  readonly call: string;
}

interface Person {
  readonly user: User;
  readonly chat: Chat;
}

/** What was answered to decisions over HTTP. */
export interface WorkDay {
  readonly answers: readonly { readonly approval: string; readonly status: number }[];
}

/**
 * A day of work with tools: two admins ask for reads, writes, posts, mail, code, a tool of an MCP server and a dear answer,
 * in chats and as a task; what waits is approved by button, command and over HTTP, twice, by both at once, denied, taken
 * back, left until its time is over, and ended by a cancelled task.
 */
export async function liveWorkDay(scene: Scene, world: CountingWorld): Promise<WorkDay> {
  const { telegram } = scene;
  const answers: { approval: string; status: number }[] = [];
  const decided = new Set<string>();
  const person = (id: number, name: string): Person => {
    const user = telegram.user(id, name);
    return { user, chat: telegram.privateChat(user) };
  };
  const olga = person(1001, "Olga");
  const bob = person(2002, "Bob");
  const say = ({ chat, user }: Person, text: string) => telegram.say(chat, user, text);
  const hears = ({ chat }: Person, text: string) =>
    scene.until(`"${text}" in ${chat.id}`, () =>
      telegram.sent.findLast((one) => one.chatId === chat.id && one.text.includes(text)),
    );

  async function overHttp(approval: string, approved: boolean): Promise<void> {
    const { status } = await scene.post(`/api/v1/approvals/${approval}/decision`, { approved });
    answers.push({ approval, status });
  }
  const cardOf = (approval: string): Promise<Sent> =>
    scene.until(`a card of ${approval}`, () =>
      telegram.sent.find((one) => one.text.includes(approval) && hasButton(one)),
    );
  /** On the card as it was offered, whatever becomes of it meanwhile. */
  async function press(approval: string, ...labels: readonly string[]): Promise<void> {
    const card = await cardOf(approval);
    for (const label of labels) telegram.press(card, label);
  }
  async function pressAndPost(approval: string): Promise<void> {
    await press(approval, "Deny");
    await overHttp(approval, true);
  }

  /** It may be too late for that: then it was sent. */
  async function approveAndTakeBack(approval: string): Promise<void> {
    await overHttp(approval, true);
    say(bob, `/cancel ${approval}`);
  }

  async function decide({ id, is_repeat, call }: Waiting): Promise<void> {
    checkMoment(scene);
    if (is_repeat === 1) await overHttp(id, AGAIN.includes(call));
    else if (call === "o1") await press(id, "Approve", "Approve", "Deny");
    else if (call === "m1") say(olga, `/approve-action ${id}`);
    else if (call === "k1") await pressAndPost(id);
    else if (call === TAKEN_BACK) await approveAndTakeBack(id);
    else await overHttp(id, call !== DENIED);
  }

  const waiting = (): readonly Waiting[] =>
    scene
      .rows("select id, is_repeat, arguments from approvals where state = 'pending'")
      .map((row) => ({ ...(row as unknown as Waiting), call: callOf(String(row["arguments"])) }));

  /** Decides whatever comes but what is left alone, until nothing else is under way. */
  const settle = (what: string, left: readonly string[]) =>
    scene.until(what, async () => {
      world.visitSandbox();
      const open = waiting().filter(
        ({ call, is_repeat }) => !left.includes(call) || is_repeat === 1,
      );
      for (const one of open.filter(({ id }) => !decided.has(id))) {
        decided.add(one.id);
        await decide(one);
      }
      return open.length === 0 && isAtRest(scene, left) ? true : undefined;
    });

  const code = new URL(await scene.pairingLink()).searchParams.get("start");
  say(olga, `/start ${code}`);
  await hears(olga, "with the role overlord");
  say(bob, "/pair");
  const token = /approve (\S+)/.exec((await hears(bob, "Your pairing code is")).text)?.[1];
  await scene.post("/api/v1/pairings/approve", { token, role: "admin" });
  await hears(bob, "with the role admin");

  say(olga, "q1: look l1 + write w1; post o1");
  say(bob, "q2: code c1; act k1 + post o2");
  say(olga, "q3: mail m1; miss x1");
  say(bob, "q4: dear d1; look l2");
  say(olga, "/task q5: post o3 + miss x2; look l3");
  say(olga, "/task q7: post o4");
  await settle("the first half of the work", [TOO_LATE]);
  await cancelTask(scene);

  say(bob, "q6: act k2");
  say(olga, "q8: post o5");
  await settle("a call that waits", [EXPIRED]);
  for (const what of ["reminded_at_ms is not null", "state = 'expired'"]) {
    scene.sleepUntilLater(OVER_HALF_MS);
    const sql = `select id from approvals where tool = 'mcp_count__act' and arguments like '%${EXPIRED}%' and ${what}`;
    await scene.until(what, () => scene.rows(sql)[0]);
  }
  await settle("the second half of the work", []);
  await waitOutDoubt(scene);
  await scene.idle();
  return { answers };
}

/** A mail in doubt is left alone for a while, and anew whenever the process dies while it is tried again. */
async function waitOutDoubt(scene: Scene): Promise<void> {
  const sql = "select state, version from deliveries where connector = 'email' and state <> 'sent'";
  for (let open = scene.rows(sql); open.length > 0; open = scene.rows(sql)) {
    const before = JSON.stringify(open);
    scene.sleepUntilLater(AFTER_DOUBT_MS);
    await scene.until("another try of the mail", () => {
      const now = scene.rows(sql);
      const isInDoubt = now.length > 0 && now.every(({ state }) => state === "unknown");
      return now.length === 0 || (isInDoubt && JSON.stringify(now) !== before) ? true : undefined;
    });
  }
}

/** Nothing is on its way but what waits for a person. */
function isAtRest({ rows, telegram }: Scene, left: readonly string[]): boolean {
  if (telegram.updates.pending > 0) return false;
  const parked = rows("select id from runs where state = 'parked'").length;
  const open = rows(
    "select id from runs where state in ('queued', 'running') union all select id from messages where outcome = 'pending' and run_id is null",
  ).length;
  return open === 0 && parked === left.length;
}

async function cancelTask(scene: Scene): Promise<void> {
  const [task] = scene.rows("select id from tasks where prompt like 'q7%'");
  await scene.post("/api/v1/tasks/cancel", { task_id: task?.["id"] });
  await scene.until("the end of the task", () =>
    scene.rows("select id from tasks where prompt like 'q7%' and status = 'cancelled'").at(0),
  );
}

/** The id that the script gave to a call. */
export function callOf(argumentsJson: string): string {
  return /\b([a-z]\d)\b/.exec(argumentsJson)?.[1] ?? "";
}

const hasButton = ({ offered }: Sent): boolean =>
  offered.flat().some(({ text }) => text === "Approve");
