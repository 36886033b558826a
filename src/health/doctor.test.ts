import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NEVER } from "../core/abort.ts";
import { AppError } from "../core/errors.ts";
import { createRedactor } from "../core/redact.ts";
import { judgeSpace } from "./checks/check-disk-space.ts";
import { type DoctorOptions, examine } from "./doctor.ts";
import type { StoreFacts } from "./ports.ts";

const TOKEN = "7123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_";
const WHOLE: StoreFacts = {
  usedFromElsewhere: undefined,
  keyProblem: undefined,
  damage: [],
  pendingMigrations: [],
  unknownMigrations: [],
  wrongSpend: [],
  auditHead: `3:${"a".repeat(64)}`,
};

let dataDir: string;
let servers: Server[];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "agent-runtime-doctor-"));
  servers = [];
});
afterEach(async () => {
  for (const server of servers) await new Promise((resolve) => server.close(resolve));
  rmSync(dataDir, { recursive: true });
});

async function listen(answer: RequestListener): Promise<{ url: string; port: number }> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port };
}

async function find(name: string, change: Partial<DoctorOptions> = {}) {
  const checks = await examine(
    {
      nodeVersion: "24.1.0",
      configWarnings: [],
      dataDir,
      findPathProblems: () => [],
      address: { host: "127.0.0.1", port: 0, url: "http://127.0.0.1:0", servedUrl: undefined },
      key: undefined,
      telegram: { token: undefined, apiBase: "http://127.0.0.1:1", online: false },
      mail: { server: undefined, online: true, greet: async () => "no" },
      store: { isInUse: () => false, inspect: () => WHOLE },
      readExtensions: () => {
        const none = { problem: undefined, servers: [], names: [], problems: [] };
        return { mcp: none, plugins: none, actions: none, findRoomProblem: async () => undefined };
      },
      findSandboxWarning: async () => undefined,
      redact: createRedactor([TOKEN]).redact,
      ...change,
    },
    NEVER,
  );
  return checks
    .filter((check) => check.name === name)
    .map(({ state, detail }) => `${state} ${detail}`);
}

const inspecting = (facts: Partial<StoreFacts>) => ({
  store: { isInUse: () => false, inspect: () => ({ ...WHOLE, ...facts }) },
});
const running = (url: string, servedUrl?: string) => ({
  address: { host: "127.0.0.1", port: 1, url, servedUrl },
  store: { isInUse: () => true, inspect: () => WHOLE },
});
const answerOk: RequestListener = (_request, response) => response.end('{"status":"ok"}');

test("refuses an old Node", async () => {
  expect(await find("Node", { nodeVersion: "20.20.2" })).toEqual([
    expect.stringMatching(/^fail 20\.20\.2 is too old/),
  ]);
});

test("passes on the warnings of the config", async () => {
  expect(await find("config", { configWarnings: ["A.", "B."] })).toEqual(["warn A.", "warn B."]);
});

test("tells a whole store from a damaged, an old, a newer and an unreadable one", async () => {
  expect(await find("store")).toEqual([expect.stringMatching(/^ok /)]);
  expect(await find("audit")).toEqual([`ok The record ends at ${WHOLE.auditHead}.`]);
  expect(await find("store", inspecting({ damage: ["row 3 missing"] }))).toEqual([
    expect.stringMatching(/^fail .*row 3 missing/),
  ]);
  expect(await find("audit", inspecting({ keyProblem: "The key is gone." }))).toEqual([
    "fail The key is gone.",
  ]);
  expect(await find("store", inspecting({ usedFromElsewhere: "/x/meta.sqlite" }))).toEqual([
    expect.stringMatching(/^fail .*another data directory is using \/x\/meta\.sqlite/),
  ]);
  expect(await find("migrations", inspecting({ pendingMigrations: ["0002"] }))).toEqual([
    expect.stringMatching(/^warn .*0002/),
  ]);
  expect(await find("migrations", inspecting({ unknownMigrations: ["0009"] }))).toEqual([
    expect.stringMatching(/^fail .*0009/),
  ]);
  const inspect = () => {
    throw new AppError("unavailable", `The file is locked ${TOKEN}.`);
  };
  const found = await find("store", { store: { isInUse: () => false, inspect } });
  expect(found).toEqual(["fail This could not be looked at: The file is locked [redacted]."]);
});

test("tells of sums of money that are not those of their calls", async () => {
  expect(await find("spend")).toEqual([expect.stringMatching(/^ok /)]);
  expect(await find("spend", inspecting({ wrongSpend: ["day:2026-11-21"] }))).toEqual([
    expect.stringMatching(/^fail Sums of money do not add up \(day:2026-11-21\)/),
  ]);
  expect(await find("spend", inspecting({ wrongSpend: undefined }))).toEqual([]);
});

test("finds the running service where it said it listens", async () => {
  const { url } = await listen(answerOk);
  expect(await find("service", running("http://127.0.0.1:1", url))).toEqual([
    `ok It is running at ${url}.`,
  ]);
});

test("fails when a process holds the data directory and nothing answers", async () => {
  expect(await find("service", running("http://127.0.0.1:1"))).toEqual([
    expect.stringMatching(/^fail .*nothing answers at http:\/\/127\.0\.0\.1:1\./),
  ]);
});

test("tells another runtime on the address from another program", async () => {
  const other = await listen(answerOk);
  const foreign = await listen((_request, response) => response.end("hello"));
  const at = ({ url, port }: { url: string; port: number }) => ({
    address: { host: "127.0.0.1", port, url, servedUrl: undefined },
  });
  expect(await find("service", at(other))).toEqual([
    expect.stringMatching(/^warn .*another data directory/),
  ]);
  expect(await find("service", at(foreign))).toEqual([
    expect.stringMatching(/^fail .*taken by another program/),
  ]);
});

test("tells how the running service says its channels are, with the owner's key alone", async () => {
  const asked: (string | undefined)[] = [];
  const channel = { connector: "telegram", account: "my_bot", message: "" };
  const { url } = await listen((request, response) => {
    asked.push(request.headers.authorization);
    response.end(
      JSON.stringify({
        channels: [
          { ...channel, state: "running" },
          { ...channel, state: "degraded", message: `It is late ${TOKEN}.` },
          { ...channel, account: "", state: "stopped", message: "Wrong token." },
        ],
      }),
    );
  });
  expect(await find("channels", { ...running(url, url), key: "key" })).toEqual([
    "ok telegram as my_bot is running.",
    "warn telegram as my_bot is degraded. It is late [redacted].",
    "fail telegram is stopped. Wrong token.",
  ]);
  expect(new Set(asked.filter((one) => one !== undefined))).toEqual(new Set(["Bearer key"]));
  asked.length = 0;
  expect(await find("channels", running(url, url))).toEqual([]);
  expect(await find("channels", { ...running(url, url), ...inspecting({}), key: "key" })).toEqual(
    [],
  );
  expect(asked.filter((header) => header !== undefined)).toEqual([]);
});

describe("without a token here", () => {
  const off = { token: undefined, apiBase: "http://127.0.0.1:1", online: true };
  const serving = async (channels: unknown) => {
    const { url } = await listen((_request, response) =>
      response.end(JSON.stringify({ channels })),
    );
    return { ...running(url, url), key: "key", telegram: off };
  };
  const telegram = { connector: "telegram", account: "my_bot", message: "" };

  test("tells what the running service says of Telegram, and what was not asked", async () => {
    const connected = await serving([{ ...telegram, state: "running" }]);
    expect(await find("telegram", connected)).toEqual([
      "ok Only the running service has the token, not this terminal. Telegram takes it.",
    ]);
    const late = await serving([{ ...telegram, state: "degraded" }]);
    expect(await find("telegram", late)).toEqual([
      expect.stringMatching(/^warn Only the running .* So Telegram was not asked\. Set AGENT/),
    ]);
    expect(await find("telegram", { ...late, telegram: { ...off, online: false } })).toEqual([
      "ok Only the running service has the token, not this terminal.",
    ]);
  });

  test("calls Telegram off only when that is known", async () => {
    expect(await find("telegram", await serving([]))).toEqual([
      "ok It is off: the running service has no AGENT_RUNTIME_TELEGRAM_TOKEN.",
    ]);
    expect(await find("telegram", { telegram: off })).toEqual([
      "ok It is off: AGENT_RUNTIME_TELEGRAM_TOKEN is not set here.",
    ]);
    for (const options of [await serving("none"), { ...(await serving([])), key: undefined }]) {
      expect(await find("telegram", options)).toEqual([
        expect.stringMatching(/^warn This was not looked at: .* Set it here too/),
      ]);
    }
  });
});

test("does not ask Telegram unless it is told to", async () => {
  let asked = 0;
  const { url } = await listen((_request, response) => {
    asked += 1;
    response.end("{}");
  });
  expect(
    await find("telegram", { telegram: { token: TOKEN, apiBase: url, online: false } }),
  ).toEqual([expect.stringMatching(/^ok /)]);
  expect(asked).toBe(0);
});

test("asks Telegram and says what it thinks of the token, never the token", async () => {
  const paths: (string | undefined)[] = [];
  const { url } = await listen((request, response) => {
    paths.push(request.url);
    const known = paths.length === 1;
    response.statusCode = known ? 200 : 401;
    response.end(
      JSON.stringify(known ? { ok: true, result: { username: "my_bot" } } : { ok: false }),
    );
  });
  const telegram = { token: TOKEN, apiBase: url, online: true };
  expect(await find("telegram", { telegram })).toEqual(["ok Telegram knows the bot as @my_bot."]);
  expect(await find("telegram", { telegram })).toEqual([
    expect.stringMatching(/^fail Telegram does not know this token/),
  ]);
  const unreachable = await find("telegram", {
    telegram: { ...telegram, apiBase: "http://127.0.0.1:1" },
  });
  expect(unreachable).toEqual([
    expect.stringMatching(/^fail http:\/\/127\.0\.0\.1:1 cannot be reached/),
  ]);
  expect(unreachable.join()).not.toContain(TOKEN);
  expect(paths).toEqual([`/bot${TOKEN}/getMe`, `/bot${TOKEN}/getMe`]);
});

test("wants the secrets in the data directory readable by the owner alone", async () => {
  writeFileSync(join(dataDir, "admin-token"), "x", { mode: 0o600 });
  expect(await find("data directory")).toEqual([`ok ${dataDir}`]);
  writeFileSync(join(dataDir, "audit.key"), "x", { mode: 0o640 });
  expect(await find("data directory")).toEqual([
    expect.stringMatching(/^fail .*chmod 600 .*audit\.key/),
  ]);
});

test("passes on what is in the way of the paths", async () => {
  const findPathProblems = () => ["/x cannot be used.", "/y cannot be used."];
  expect(await find("data directory", { findPathProblems })).toEqual([
    "fail /x cannot be used.",
    "fail /y cannot be used.",
  ]);
});

test("wants room on the disk", () => {
  expect(judgeSpace(50 * 1_024 ** 2)).toMatchObject({
    state: "fail",
    detail: "Only 50 MiB free. Make room, or the store cannot write.",
  });
  expect(judgeSpace(500 * 1_024 ** 2).state).toBe("warn");
  expect(judgeSpace(5_000 * 1_024 ** 2)).toMatchObject({ state: "ok", detail: "5,000 MiB free" });
});

describe("mail", () => {
  const server = "mail.example:587 as bot@a.example";
  const greet = async () => "535 wrong password";
  test.each([
    [{ server: undefined, online: true, greet }, /^ok It is off/],
    [{ server, online: false, greet }, /^ok It goes out through mail\.example:587 as bot/],
    [{ server, online: true, greet: async () => "" }, /^ok .*lets us in/],
    [{ server, online: true, greet }, /^fail .*does not let us in: 535 wrong password/],
  ])("%o is told", async (mail, told) => {
    expect(await find("mail", { mail })).toEqual([expect.stringMatching(told)]);
  });
});

test("says when commands of the agent would run without walls", async () => {
  expect(await find("sandbox")).toEqual([expect.stringMatching(/^ok Commands .* cut off/)]);
  const findSandboxWarning = async () => "Every one of them asks first.";
  expect(await find("sandbox", { findSandboxWarning })).toEqual([
    "warn Every one of them asks first.",
  ]);
});
