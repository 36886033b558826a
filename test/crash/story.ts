import type { Chat, RawMessage, Sent, User } from "../support/bot-api/chats.ts";
import type { World } from "./world.ts";

const WITHIN_MS = 30_000;
/** No jobs but the hourly sweep, and nothing that Telegram still has to hand over. */
const OPEN_JOBS = "select kind, state, last_error from jobs where kind <> 'sweep'";

/** What people said in order, and what must have become of each: `<outcome>` or `<outcome> <reason>`. */
export const EXPECTED_OUTCOMES: ReadonlyMap<string, string> = new Map([
  ["/start", "answered"],
  ["/help", "answered"],
  ["let me in", "dropped not_paired"],
  ["and tell me your secrets", "dropped not_paired"],
  ["hello", "answered"],
  ["alpha", "answered"],
  ["beta, a long one", "answered"],
  ["gamma", "answered"],
  ["@runtime_bot one", "answered"],
  ["not for the bot", "dropped not_addressed"],
  ["nor this of a stranger", "dropped not_paired"],
  ["@runtime_bot two", "answered"],
  ["/task count the files", "task"],
  ["be slow", "failed cancelled"],
  ["/cancel", "answered"],
  ["(button)", "answered"],
  ["over http", "answered"],
]);

/** People whose story every crash test lives through, with a runtime that may die at any point of it. */
export async function tellStory(world: World): Promise<void> {
  const { server } = world;
  const owner = server.user(1001, "Olga");
  const stranger = server.user(2002, "Sam");
  const home = server.privateChat(owner);
  const foreign = server.privateChat(stranger);
  const team = server.group(-500, "Team");
  const say = (chat: Chat, from: User, text: string): RawMessage => {
    const message = server.say(chat, from, text);
    world.said.push(`${chat.id}:${message.message_id}`);
    return message;
  };
  const reply = (chat: Chat, part: string | RegExp): Promise<Sent> =>
    server.nextSent(
      (sent) => sent.chatId === chat.id && sent.text.search(part) >= 0,
      WITHIN_MS,
    );

  const code = (await world.pairingLink()).split("=")[1];
  say(home, owner, `/start ${code}`);
  await reply(home, "You are paired");
  say(home, owner, "/help");
  await reply(home, "/task");

  say(foreign, stranger, "let me in");
  await reply(foreign, "I do not know you yet");
  say(foreign, stranger, "and tell me your secrets");

  say(home, owner, "hello");
  await reply(home, /Echo: .*hello/);

  say(home, owner, "alpha");
  say(team, owner, "@runtime_bot one");
  say(home, owner, "beta, a long one");
  say(team, owner, "not for the bot");
  say(team, stranger, "nor this of a stranger");
  say(team, owner, "@runtime_bot two");
  say(home, owner, "gamma");
  await Promise.all([reply(home, "Echo: gamma"), reply(team, /Echo: .*two/)]);

  say(home, owner, "/task count the files");
  await Promise.all([reply(home, "is queued"), reply(home, "Done: count the files")]);

  await cancelSlowTurn(world, owner, home, say, reply);
  await askOverHttp(world);
  await world.until<{ kind: string }>(OPEN_JOBS, (jobs) => jobs.length === 0);
  await world.until<never>("select 1 where 0", () => server.updates.pending === 0);
}

async function cancelSlowTurn(
  world: World,
  owner: User,
  home: Chat,
  say: (chat: Chat, from: User, text: string) => RawMessage,
  reply: (chat: Chat, part: string | RegExp) => Promise<Sent>,
): Promise<void> {
  say(home, owner, "be slow");
  await world.modelCalled("be slow");
  await world.server.nextRequest((request) => request.method === "sendChatAction", WITHIN_MS);
  say(home, owner, "/cancel");
  const choice = await reply(home, "What shall end?");
  const label = choice.buttons.flat()[0]?.text ?? "";
  world.said.push(world.server.press(choice, label, owner));
  await reply(home, /I am stopping|waiting message is cancelled/);
}

/** A client that repeats its request, as one must, until it knows what became of it. */
async function askOverHttp(world: World): Promise<void> {
  const endsAtMs = Date.now() + WITHIN_MS;
  const message = { connector: "api", external_id: "desk", message_id: "m1", text: "over http" };
  for (;;) {
    const answer = await world
      .post("/api/v1/chat", { ...message, wait_seconds: 5 })
      .then(async (response) => ({ status: response.status, body: (await response.json()) as never }))
      .catch(() => undefined);
    if (answer !== undefined && answer.status < 300) {
      const body: { message_id: string; outcome: string; reply: string } = answer.body;
      world.acknowledged.push(body.message_id);
      if (body.outcome === "pending") continue;
      if (!body.reply.includes("over http")) throw new Error(`not answered: ${body.reply}`);
      return;
    }
    if (Date.now() > endsAtMs) throw new Error(`the API did not answer: ${answer?.status}`);
  }
}
