import type { Role } from "../../src/core/access/role.ts";
import type { Chat, User } from "./bot-api/chats.ts";
import type { TestRuntime } from "./open-test-runtime.ts";

/** Somebody on Telegram with their private chat. */
export interface Person {
  readonly user: User;
  readonly chat: Chat;
}

type WithTelegram = Pick<TestRuntime, "telegram">;

export function addPerson({ telegram }: WithTelegram, id: number, name: string): Person {
  const user = telegram.user(id, name);
  return { user, chat: telegram.privateChat(user) };
}

/** The code of a link that pairs the owner, as soon as the bot is known. */
export async function ownerCode({ runtime, until }: TestRuntime): Promise<string> {
  const link = await until(() => runtime.createPairingLink());
  return new URL(link).searchParams.get("start") ?? "";
}

/** The machine's owner on Telegram, paired by the link that `serve` prints. */
export async function pairOwner(test: TestRuntime, id = 1001): Promise<Person> {
  const person = addPerson(test, id, "Olga");
  test.telegram.say(person.chat, person.user, `/start ${await ownerCode(test)}`);
  await test.telegram.nextSent((sent) => sent.text.includes("with the role overlord"));
  return person;
}

/** Somebody else, who asked with `/pair` and was let in over HTTP. */
export async function pairPerson(
  test: TestRuntime,
  { id, name, role = "member" }: { id: number; name: string; role?: Role },
): Promise<Person> {
  const person = addPerson(test, id, name);
  const code = await askForCode(test, person);
  const answer = await test.api("POST", "/api/v1/pairings/approve", { token: code, role });
  if (answer.status !== 200) throw new Error(`not paired: ${JSON.stringify(answer)}`);
  await test.telegram.nextSent(
    (sent) => sent.chatId === id && sent.text.includes(`with the role ${role}`),
  );
  return person;
}

/** Sends `/pair` and reads the code out of the reply. */
export async function askForCode({ telegram }: WithTelegram, person: Person): Promise<string> {
  telegram.say(person.chat, person.user, "/pair");
  const reply = await telegram.nextSent(
    (sent) => sent.chatId === person.chat.id && sent.text.startsWith("Your pairing code is"),
  );
  const code = /agent-runtime pairing approve (\S+)/.exec(reply.text)?.[1];
  if (code === undefined) throw new Error(`no code in: ${reply.text}`);
  return code;
}
