import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { openAuditKey } from "../../src/store/audit/audit-key.ts";
import { verifyAudit } from "../../src/store/audit/verify-audit.ts";
import { chooseSeed, createRandom } from "../crash/whole-runtime/random.ts";
import { type BotApiServer, startBotApiServer } from "../support/bot-api/bot-api-server.ts";
import { checkInvariants } from "../support/check-invariants.ts";
import { dataDirOf, dbPathOf, pause, post, serveProgram, until } from "./serve-program.ts";

const DEATHS = 25;
const MESSAGES = 90;
const LONGEST_PAUSE_MS = 250;
const REPEATED = "(may be a repeat)\n";
/** A boot takes about a third of a second here. */
const SHORTEST_LIFE_MS = 150;
const LONGEST_LIFE_MS = 1_200;

test("the built program, killed at random moments while messages flow in, loses none and repeats none unmarked", async () => {
  const seed = chooseSeed();
  const random = createRandom(seed);
  const directory = mkdtempSync(join(tmpdir(), "agent-runtime-random-"));
  const telegram = await startBotApiServer();
  let program = serveProgram(directory, telegram);
  try {
    const even = await pair(directory, telegram, 2001);
    const odd = await pair(directory, telegram, 2002);
    const said: { readonly id: string; readonly text: string }[] = [];
    const saying = (async () => {
      for (let n = 0; n < MESSAGES; n += 1) {
        const text = `errand ${n};`;
        const who = n % 2 === 0 ? even : odd;
        const { chat, message_id } = telegram.say(who.chat, who.user, `/task ${text}`);
        said.push({ id: `${chat.id}:${message_id}`, text });
        await pause(random() * LONGEST_PAUSE_MS);
      }
    })();
    for (let death = 0; death < DEATHS; death += 1) {
      await pause(SHORTEST_LIFE_MS + random() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS));
      await program.end("SIGKILL");
      program = serveProgram(directory, telegram);
    }
    await saying;
    await until("rest", () => {
      const open =
        "select id from jobs where state <> 'dead' and kind not in ('sweep', 'tell-overdue', 'probe')";
      const tasks = rows(directory, "select id from tasks");
      return tasks.length === MESSAGES && rows(directory, open).length === 0;
    });
    // All may have been at rest before the last death; a program that has not begun to listen just dies of a SIGTERM.
    await until("the last start", () => program.isServing);
    await program.end("SIGTERM");
    expect(program.process.exitCode).toBe(0);
    check(directory, telegram, said);
  } catch (error) {
    const about = `AGENT_RUNTIME_TEST_SEED=${seed}\n${String(error)}\n${program.log.slice(-3_000)}`;
    throw new Error(about, { cause: error });
  } finally {
    await program.end("SIGKILL");
    await telegram.close();
    rmSync(directory, { recursive: true, force: true });
  }
});

function check(
  directory: string,
  telegram: BotApiServer,
  said: readonly { readonly id: string; readonly text: string }[],
): void {
  const dataDir = dataDirOf(directory);
  const dbPath = dbPathOf(directory);
  checkInvariants(dbPath, openAuditKey(dataDir));
  expect(verifyAudit({ dbPath, dataDir }).problems).toEqual([]);
  const messages = rows(
    directory,
    "select external_message_id as id, outcome from messages where text like '/task%'",
  );
  expect(messages.map((row) => row["id"]).toSorted()).toEqual(said.map(({ id }) => id).toSorted());
  expect(new Set(messages.map((row) => row["outcome"]))).toEqual(new Set(["task"]));
  expect(rows(directory, "select distinct status from tasks")).toEqual([{ status: "succeeded" }]);
  expect(rows(directory, "select distinct state from deliveries")).toEqual([{ state: "sent" }]);
  for (const { text } of said) {
    for (const kind of [/^Task \S+ is queued: /, /^Done: /]) {
      const copies = telegram.sent
        .map((sent) => sent.text)
        .filter((one) => kind.test(one.replace(REPEATED, "")) && one.includes(text));
      const plain = copies.filter((one) => !one.startsWith(REPEATED));
      expect(copies.length, `replies to ${text}`).toBeGreaterThan(0);
      expect(plain.length, `unmarked replies to ${text}`).toBeLessThanOrEqual(1);
    }
  }
}

/** Somebody the owner lets in. */
async function pair(directory: string, telegram: BotApiServer, id: number) {
  const user = telegram.user(id, `Person ${id}`);
  const chat = telegram.privateChat(user);
  telegram.say(chat, user, "/pair");
  const { text } = await telegram.nextSent((sent) => sent.chatId === id);
  const code = /approve (\S+)/.exec(text)?.[1];
  await post(directory, "/api/v1/pairings/approve", { token: code, role: "member" });
  await telegram.nextSent((sent) => sent.text.includes("with the role member"));
  return { user, chat };
}

function rows(directory: string, sql: string): readonly Record<string, unknown>[] {
  const database = new Database(dbPathOf(directory), { readonly: true });
  try {
    return database.prepare<[], Record<string, unknown>>(sql).all();
  } finally {
    database.close();
  }
}
