import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAuditKey } from "../../src/store/audit/audit-key.ts";
import { type BotApiServer, startBotApiServer } from "../support/bot-api/bot-api-server.ts";
import { checkInvariants } from "../support/check-invariants.ts";
import { openProvider } from "../support/open-provider.ts";
import { dataDirOf, dbPathOf, post, serveProgram, until } from "./serve-program.ts";

const CALLS = "read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,fsync,fdatasync";
/** Enough of each buffer to hold a request with its headers. */
const LONGEST_BUFFER = "3000";

test("what is acknowledged was synced to the disk before: to Telegram, and over HTTP", async () => {
  await traced({}, async ({ directory, telegram, lines }) => {
    // The menu first, so that no other commit lies between the two polls that are looked at.
    await telegram.nextRequest(({ method }) => method === "setMyCommands", 60_000);
    const user = telegram.user(1001, "Olga");
    telegram.say(telegram.privateChat(user), user, "marker-of-the-update");
    await telegram.nextSent(() => true, 60_000);
    const answer = await ask(directory, "marker-of-the-post", 0);
    expect([200, 202]).toContain(answer.status);
    await until("the confirming poll", () => telegram.updates.pending === 0);
    await until("its trace", () => lines().some(isWrite(/HTTP\/1\.1 20[02] /)));

    const trace = lines();
    expectSyncBetween(trace, isRead("marker-of-the-update"), isWrite(/\\"offset\\":\d+/));
    expectSyncBetween(trace, isRead("marker-of-the-post"), isWrite(/HTTP\/1\.1 20[02] /));
  });
});

test("a model's answer and what was read on it are synced before the model is asked again", async () => {
  const provider = await openProvider();
  provider.answerRounds(
    { toolCalls: [{ id: "marker-of-the-call", name: "list_files", arguments: "{}" }] },
    { content: "Nothing is there." },
  );
  const env = {
    AGENT_RUNTIME_LLM_PROVIDER: "openai",
    AGENT_RUNTIME_LLM_MODEL: "gpt-6-sol",
    AGENT_RUNTIME_LLM_BASE_URL: provider.url,
  };
  await traced(env, async ({ directory, lines }) => {
    const answer = await ask(directory, "What is there?", 60);
    expect(await answer.json()).toMatchObject({ reply: "Nothing is there." });
    await until("its trace", () => lines().filter(isWrite(/POST \/v1\/chat/)).length > 1);
    const isAskedAgain = isWrite(/POST \/v1\/chat/);
    expectSyncBetween(lines(), isRead("marker-of-the-call"), isAskedAgain);
  });
  await provider.close();
});

interface Traced {
  readonly directory: string;
  readonly telegram: BotApiServer;
  /** What the program and its threads have called up to now. */
  readonly lines: () => readonly Line[];
}

/** Runs the program under strace while `act` does. */
async function traced(
  env: Readonly<Record<string, string>>,
  act: (scene: Traced) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "agent-runtime-strace-"));
  const file = join(directory, "trace");
  const telegram = await startBotApiServer();
  const through = ["strace", "-f", "-y", "-s", LONGEST_BUFFER, "-e", `trace=${CALLS}`, "-o", file];
  const program = serveProgram(directory, telegram, { through, env });
  const lines = () =>
    existsSync(file) ? readFileSync(file, "utf8").split("\n").map(parseLine) : [];
  try {
    await act({ directory, telegram, lines });
  } finally {
    const pid = lines()[0]?.pid;
    if (pid !== undefined && program.process.exitCode === null) process.kill(pid, "SIGTERM");
    await program.ended;
    await telegram.close();
    checkInvariants(dbPathOf(directory), openAuditKey(dataDirOf(directory)));
    rmSync(directory, { recursive: true, force: true });
  }
}

async function ask(directory: string, text: string, waitSeconds: number): Promise<Response> {
  return await post(directory, "/api/v1/chat", {
    connector: "api",
    external_id: "desk",
    display_name: "Desk",
    from_user_id: "olga",
    message_id: "m-1",
    text,
    wait_seconds: waitSeconds,
  });
}

interface Line {
  readonly pid: number;
  readonly text: string;
}

function parseLine(line: string): Line {
  const [, pid = "0", text = ""] = /^(\d+)\s+(.*)$/s.exec(line) ?? [];
  return { pid: Number(pid), text };
}

const isRead = (text: string) => (line: Line) =>
  /^(read|recv)|(read|recv)\w* resumed/.test(line.text) && line.text.includes(text);
const isWrite = (pattern: RegExp) => (line: Line) =>
  /^(write|send)/.test(line.text) && /socket:|TCP:/.test(line.text) && pattern.test(line.text);
const isSync = ({ text }: Line) => /^f(data)?sync\(\d+<[^>]*meta\.sqlite-wal>/.test(text);

/** In the thread that read it, a sync of the log of the store lies between `arrives` and the first `acknowledges` after it. */
function expectSyncBetween(
  trace: readonly Line[],
  arrives: (line: Line) => boolean,
  acknowledges: (line: Line) => boolean,
): void {
  const first = trace.findIndex(arrives);
  expect(first, "the line that reads it").toBeGreaterThanOrEqual(0);
  const rest = trace.slice(first).filter(({ pid }) => pid === trace[first]?.pid);
  const last = rest.findIndex(acknowledges);
  expect(last, "the line that acknowledges it").toBeGreaterThan(0);
  expect(
    rest.slice(0, last).some(isSync),
    rest
      .slice(0, last + 1)
      .map(({ text }) => text.slice(0, 120))
      .join("\n"),
  ).toBe(true);
}
