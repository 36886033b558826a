import type { Chat, RawMessage, Sent, User } from "../../support/bot-api/chats.ts";
import { GROWING, pullUp, ripen } from "./growing-answers.ts";
import type { Scene } from "./scene.ts";

/** What a file says that is sent. */
export const NOTES = "# What was noted\n";
const REDELIVERED = 10;
/** The supergroup that a group became. */
const MOVED = -10055;
const REPEATED = "(may be a repeat)\n";

/** What a person did, and what must have become of it. */
interface Deed {
  /** `chat:message`, of an edit too. */
  readonly externalId: string;
  readonly chatId: number;
  readonly text: string;
  readonly outcome: "answered" | "task" | "dropped" | "failed";
}

export interface Day {
  readonly deeds: readonly Deed[];
  /** Beginnings of replies that must be there, by chat, in any order. */
  readonly replies: readonly (readonly [chatId: number, text: string])[];
}

/** The text without the mark of a repeat; `raw`: as it was first meant, tags and all. */
export function unmarked(sent: Sent, form: "text" | "raw" = "text"): string {
  const said = form === "raw" ? firstMeant(sent) : sent.text;
  return said.startsWith(REPEATED) ? said.slice(REPEATED.length) : said;
}

export const isMarked = (sent: Sent): boolean => firstMeant(sent).startsWith(REPEATED);

/** Cards are written anew, and a draft becomes the reply that was meant. */
function firstMeant({ raw, sentRaw }: Sent): string {
  return sentRaw.endsWith(GROWING) ? raw : sentRaw;
}

/**
 * A day of a runtime: a stranger, the owner on two accounts, an agent, questions in both chats at once, a task, a failure and
 * an overdue task that are told in a hub, an answer that is stopped by a button, a talk that has to be summarised, a question that is edited while it waits, a chat that is bound to another workspace, a stranger's report
 * that an admin sets going, whose answer is read before the group reads it, and another that is noise, answers that grow in a group. Each wait takes as many deaths of
 * the process as come.
 */
export async function liveDay(scene: Scene): Promise<Day> {
  const { telegram } = scene;
  const deeds: Deed[] = [];
  const replies: (readonly [number, string])[] = [];

  const person = (id: number, name: string) => {
    const user = telegram.user(id, name);
    return { user, chat: telegram.privateChat(user) };
  };
  type Person = { readonly user: User; readonly chat: Chat };
  const olga = person(1001, "Olga");
  const phone = person(1002, "Olga's phone");
  const eve = person(6666, "Eve");

  function say(who: Person, text: string, outcome: Deed["outcome"] = "answered"): RawMessage {
    const message = telegram.say(who.chat, who.user, text);
    const externalId = `${who.chat.id}:${message.message_id}`;
    deeds.push({ externalId, chatId: who.chat.id, text, outcome });
    return message;
  }
  function edit(who: Person, message: RawMessage, text: string): void {
    telegram.edit(message, text);
    const externalId = `${who.chat.id}:${message.message_id}`;
    deeds.push({ externalId, chatId: who.chat.id, text, outcome: "dropped" });
  }
  function hears(who: Person, text: string): Promise<Sent> {
    replies.push([who.chat.id, text]);
    return scene.until(`"${text}" in ${who.chat.id}`, () =>
      telegram.sent.findLast((one) => one.chatId === who.chat.id && unmarked(one).includes(text)),
    );
  }
  function send(who: Person, caption: string): void {
    const document = telegram.file(Buffer.from(NOTES), { file_name: "notes.md" });
    const { message_id } = telegram.send(who.chat, who.user, { document }, caption);
    deeds.push({
      externalId: `${who.chat.id}:${message_id}`,
      chatId: who.chat.id,
      text: caption,
      outcome: "answered",
    });
  }
  /** Its answer goes to the id that the group has since, and everything of it stands there. */
  async function askInMovedGroup(): Promise<void> {
    const [group, moved] = [telegram.group(-55, "Plans"), telegram.group(MOVED, "Plans")];
    telegram.migrate(group, moved);
    const { message_id } = telegram.say(group, olga.user, "/status");
    deeds.push({ externalId: `-55:${message_id}`, chatId: MOVED, text: "", outcome: "answered" });
    await hears({ ...olga, chat: moved }, "Running here");
    const late = telegram.say(group, olga.user, "/help");
    const externalId = `-55:${late.message_id}`;
    deeds.push({ externalId, chatId: MOVED, text: "", outcome: "answered" });
    await hears({ ...olga, chat: moved }, "What you can do here");
  }
  async function pair(who: Person): Promise<void> {
    const code = new URL(await scene.pairingLink()).searchParams.get("start");
    say(who, `/start ${code}`);
    await hears(who, "with the role overlord");
  }

  say(eve, "Let me in", "dropped");
  await hears(eve, "I do not know you yet.");
  await pair(olga);
  await pair(phone);
  say(olga, "/help");
  await hears(olga, "What you can do here");

  say(olga, "/admin-channel enable hub");
  await hears(olga, "This is a hub");
  say(olga, "one");
  say(phone, "two, and make it long");
  say(olga, "three");
  say(phone, "four");
  say(phone, "five, as a file");
  say(olga, "/task fetch five", "task");
  send(olga, "six, with notes");
  say(phone, `seven ${"and on ".repeat(550).trim()}`);
  say(phone, `eight ${"and so on ".repeat(390).trim()}`);
  // By now there is more than a model is told at once: the beginning is summarised first.
  say(phone, "fail please", "failed");
  const posted = await scene.post("/api/v1/chat", {
    connector: "api",
    external_id: "desk",
    display_name: "Desk",
    from_user_id: "olga",
    message_id: "post-1",
    text: "over HTTP",
    wait_seconds: 0,
  });
  if (posted.status !== 200 && posted.status !== 202) throw new Error(JSON.stringify(posted));
  await askAsAgent(scene);
  await hears(olga, "Echo: one");
  await hears(phone, "Echo: two, and make it long");
  await hears(olga, "Echo: three");
  await hears(phone, "Echo: four");
  await hears(phone, "Echo: five, as a file");
  await hears(olga, "is queued: fetch five");
  await hears(olga, "Done: fetch five");
  await hears(olga, "six, with notes");
  await hears(phone, "I could not answer this.");
  await hears(olga, "In Olga's phone:");
  // All of it was accepted by now, so that saying it again can hide no loss.
  telegram.updates.redeliver(REDELIVERED);

  say(olga, "be slow", "failed");
  await scene.until("the slow turn", () => scene.asked.find((text) => text.includes("slow")));
  await scene.until("typing", () =>
    telegram.requests.some(({ method }) => method === "sendChatAction") ? true : undefined,
  );
  await scene.until("a draft", () => telegram.drafts.find(({ text }) => text.includes("slow")));
  edit(olga, say(olga, "I am to be mended"), "mended");
  say(olga, "/cancel");
  const list = await hears(olga, "What shall end?");
  const callback = telegram.press(list, "Cancel: the answer I am writing");
  deeds.push({ externalId: callback, chatId: 1001, text: "(button)", outcome: "answered" });
  await hears(olga, "I am stopping.");
  await hears(olga, "Stopped.");
  await hears(olga, "Echo: mended");

  const garden = telegram.group(-77, "Garden");
  say({ ...olga, chat: garden }, "/settings triage on");
  await hears({ ...olga, chat: garden }, "That holds from the next message on.");
  say({ ...eve, chat: garden }, "The gate is broken", "task");
  const card = await scene.until("the card", () =>
    telegram.sent.findLast((one) => one.chatId > 0 && unmarked(one).startsWith("issue, p2")),
  );
  const pressed = telegram.press(card, "Priority p1");
  deeds.push({ externalId: pressed, chatId: card.chatId, text: "(button)", outcome: "answered" });
  await allowAnswer(scene);
  await hears({ ...eve, chat: garden }, "Done: [ISSUE] The gate is broken");
  say({ ...eve, chat: garden }, "The door is stuck", "task");
  await dropAsNoise(scene, "[ISSUE] The door is stuck");

  const inGarden = { ...olga, chat: garden };
  say(inGarden, "@runtime_bot grow a rose");
  await ripen(scene, "rose");
  await hears(inGarden, "grown: a rose.");
  say(inGarden, "@runtime_bot grow a lily, as a file");
  await ripen(scene, "lily");
  await hears(inGarden, "The whole text is in the file.");
  say(inGarden, "@runtime_bot grow a weed");
  await pullUp(scene, "weed");
  await ripen(scene, "weed");
  await hears(inGarden, "grown: a weed.");

  await askInMovedGroup();
  say(eve, "Please", "dropped");
  say(eve, "/pair");
  const code = /approve (\S+)/.exec((await hears(eve, "Your pairing code is")).text)?.[1];
  await scene.post("/api/v1/pairings/approve", { token: code, role: "member" });
  await hears(eve, "with the role member");
  await cancelTask(scene);
  telegram.updates.redeliver(REDELIVERED);
  await bindChat(scene, eve.chat.id);
  say(eve, "last");
  await hears(eve, "Echo: last");
  await scene.idle();
  return { deeds, replies };
}

/** A task of an agent, whose result is told at the publish URL. */
async function askAsAgent(scene: Scene): Promise<void> {
  const { status, body } = await scene.post("/api/v1/chat", {
    connector: "codex",
    external_id: "session-1",
    message_id: "codex-1",
    text: "/task tell the agent",
    wait_seconds: 0,
  });
  if (status !== 200 && status !== 202) throw new Error(body);
  await scene.until("what the agent is told", () =>
    scene.receiver.published.find(({ body: { text } }) => String(text).includes("tell the agent")),
  );
}

/** Moves a chat into a workspace made for it; after a death it may be made already. */
async function bindChat(scene: Scene, chatId: number): Promise<void> {
  await scene.post("/api/v1/workspaces", { name: "Shared" });
  const [workspace] = scene.rows("select id from workspaces where name = 'Shared'");
  const [context] = scene.rows(`select id from contexts where external_id = '${chatId}'`);
  const workspaceId = String(workspace?.["id"]);
  const body = { context_id: context?.["id"], workspace_id: workspaceId };
  const { status } = await scene.post("/api/v1/workspaces/bind", body);
  const bound = scene.rows(`select id from contexts where workspace_id = '${workspaceId}'`);
  if (status !== 200 || bound.length !== 1) throw new Error("the chat is not bound");
  await scene.post("/api/v1/contexts/reset", { context_id: context?.["id"] });
}

/** The only one that is asked about; after a death it may be decided already. */
async function allowAnswer(scene: Scene): Promise<void> {
  const find = () =>
    scene.rows(
      "select a.id from approvals a join runs r on r.id = a.run_id where a.tool = 'reply' and r.state = 'parked'",
    )[0];
  const { id } = await scene.until("the answer that waits", find);
  await scene.post(`/api/v1/approvals/${id}/decision`, { approved: true });
  const state = () => scene.rows("select state from approvals")[0]?.["state"];
  await scene.until("its decision", () => (state() === "approved" ? true : undefined));
}

/** Routed over HTTP by the owner; after a death it may be so already. */
async function dropAsNoise(scene: Scene, title: string): Promise<void> {
  const find = () => scene.rows(`select id from tasks where title = '${title}'`)[0];
  const task = await scene.until("the waiting task", find);
  const id = String(task["id"]);
  await scene.post("/api/v1/tasks/route", { task_id: id, route_class: "noise" });
  const status = () => scene.rows(`select status from tasks where id = '${id}'`)[0]?.["status"];
  await scene.until("its end", () => (status() === "cancelled" ? true : undefined));
}

/** An overdue task of the owner over HTTP, begun, told in the hub and cancelled. Without an id of the caller's it may be there twice after a death. */
async function cancelTask(scene: Scene): Promise<void> {
  const prompt = "be slow in the background";
  await scene.post("/api/v1/tasks", { prompt, due_at_unix: 1 });
  await scene.until("the slow task", () => scene.asked.find((text) => text === prompt));
  await scene.until("the notice that it is overdue", () =>
    scene.telegram.sent.find(({ text }) => text.includes("was due 1970-01-01")),
  );
  const tasks = scene.rows("select id from tasks where prompt like 'be slow%'");
  for (const { id } of tasks) await scene.post("/api/v1/tasks/cancel", { task_id: id });
  await scene.until("the end of the slow task", () =>
    scene.rows("select id from tasks where status in ('queued', 'running')").length === 0
      ? true
      : undefined,
  );
}
