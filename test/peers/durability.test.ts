import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAuditKey } from "../../src/store/audit/audit-key.ts";
import { startBotApiServer } from "../support/bot-api/bot-api-server.ts";
import { checkInvariants } from "../support/check-invariants.ts";
import { dataDirOf, dbPathOf, post, serveProgram, until } from "./serve-program.ts";

const CALLS = "read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,fsync,fdatasync";
/** Enough of each buffer to hold a request with its headers. */
const LONGEST_BUFFER = "3000";

test("what is acknowledged was synced to the disk before: to Telegram, and over HTTP", async () => {
  const directory = mkdtempSync(join(tmpdir(), "agent-runtime-strace-"));
  const file = join(directory, "trace");
  const telegram = await startBotApiServer();
  const strace = ["strace", "-f", "-y", "-s", LONGEST_BUFFER, "-e", `trace=${CALLS}`, "-o", file];
  const program = serveProgram(directory, telegram, strace);
  const lines = () =>
    existsSync(file) ? readFileSync(file, "utf8").split("\n").map(parseLine) : [];
  try {
    // The menu first, so that no other commit lies between the two polls that are looked at.
    await telegram.nextRequest(({ method }) => method === "setMyCommands", 60_000);
    const user = telegram.user(1001, "Olga");
    telegram.say(telegram.privateChat(user), user, "marker-of-the-update");
    await telegram.nextSent(() => true, 60_000);
    const answer = await post(directory, "/api/v1/chat", {
      connector: "api",
      external_id: "desk",
      display_name: "Desk",
      from_user_id: "olga",
      message_id: "m-1",
      text: "marker-of-the-post",
      wait_seconds: 0,
    });
    expect([200, 202]).toContain(answer.status);
    await until("the confirming poll", () => telegram.updates.pending === 0);
    await until("its trace", () => lines().some(isWrite(/HTTP\/1\.1 20[02] /)));

    const trace = lines();
    expectSyncBetween(trace, isRead("marker-of-the-update"), isWrite(/\\"offset\\":\d+/));
    expectSyncBetween(trace, isRead("marker-of-the-post"), isWrite(/HTTP\/1\.1 20[02] /));
  } finally {
    const pid = lines()[0]?.pid;
    if (pid !== undefined && program.process.exitCode === null) process.kill(pid, "SIGTERM");
    await program.ended;
    await telegram.close();
    checkInvariants(dbPathOf(directory), openAuditKey(dataDirOf(directory)));
    rmSync(directory, { recursive: true, force: true });
  }
});

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
