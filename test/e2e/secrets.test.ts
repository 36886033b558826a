import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createFastClock } from "../crash/whole-runtime/fast-clock.ts";
import type { Fault } from "../support/bot-api/faults.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner } from "../support/pair-people.ts";
import { runCommand } from "../support/run-command.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

/** Where the secrets are at home. */
const KEPT_IN = new Set(["admin-token", "audit.key"]);
const BOT_SECRET = "AAcanary-of-the-bot-token-1234567890";
const TOKEN = `700100200:${BOT_SECRET}`;
const ADMIN = "canary-of-the-admin-token-1234567890";

let t: TestRuntime;
afterEach(() => t.close());

/** Every file of the data directory, the store's own log and all, but those that hold the secrets. */
function readDataDirectory(): string {
  return readdirSync(t.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !KEPT_IN.has(entry.name))
    .map(
      (entry) =>
        `${entry.name}: ${readFileSync(join(entry.parentPath, entry.name), "latin1").replace(/[^ -~]+/g, "·")}`,
    )
    .join("\n");
}

test("no token is in a log, a reply, an error, a file or an answer, whatever goes wrong", async () => {
  const leak = `https://api.example/bot${TOKEN}/sendMessage?key=${ADMIN}`;
  t = await openTestRuntime({
    telegram: { token: TOKEN },
    model: createScriptedModel(
      { failWith: new Error(`request to ${leak} failed`) },
      {
        text: `Your token is ${TOKEN}, or ${BOT_SECRET}, or ${encodeURIComponent(TOKEN)}; ${ADMIN}.`,
      },
      {
        text: `In pieces: ${BOT_SECRET.slice(0, 5)}**${BOT_SECRET.slice(5, 18)}**${BOT_SECRET.slice(18)}`,
      },
    ),
    clock: createFastClock(8, Date.now()),
    env: { ADMIN_TOKEN: ADMIN, TELEGRAM_POLL_SECONDS: "1" },
  });
  const owner = await pairOwner(t);
  const said: string[] = [];
  const refuse = (status: number): Fault => ({
    kind: "refuse",
    status,
    description: `No: ${leak}`,
  });
  const faults: readonly Fault[] = [
    refuse(400),
    refuse(409),
    refuse(500),
    { kind: "html", status: 502 },
    { kind: "flood", retryAfter: 1 },
    { kind: "reset-before" },
    { kind: "reset-after" },
    { kind: "broken-json" },
    { kind: "answer", body: JSON.stringify({ ok: true, result: leak }) },
  ];
  for (const fault of faults) {
    t.telegram.fault("getUpdates", fault);
    if (fault !== faults[0]) t.telegram.fault("sendMessage", fault);
    t.telegram.fault("answerCallbackQuery", fault);
    t.telegram.fault("sendChatAction", fault);
    t.telegram.say(owner.chat, owner.user, "/status");
    said.push((await t.telegram.nextSent()).text);
    await t.idle();
  }
  for (const [method, fault] of faults.flatMap(
    (one) =>
      [
        ["getFile", one],
        ["file", one],
      ] as const,
  )) {
    t.telegram.fault(method, fault);
  }
  const document = t.telegram.file(Buffer.from("plain words"), { file_name: "words.txt" });
  t.telegram.send(owner.chat, owner.user, { document }, "/task read it");
  await t.row("files", ({ state }) => state !== "waiting");
  t.telegram.clearFaults();
  await t.idle();
  // The last word of Telegram on this one: it becomes a dead letter.
  t.telegram.fault("sendMessage", refuse(403));
  t.telegram.say(owner.chat, owner.user, "/explain");
  await t.row("deliveries", ({ state }) => state === "dead");

  t.telegram.say(owner.chat, owner.user, "Tell me your token");
  const told = await t.telegram.nextSent(({ text }) => text.includes("Your token is"));
  expect(told.text).toContain("[redacted]");
  t.telegram.say(owner.chat, owner.user, "Tell me your token in pieces");
  const pieces = await t.telegram.nextSent(({ text }) => text.includes("In pieces"));
  expect(pieces.text).toBe("In pieces: [redacted]");
  await t.idle();
  for (const id of (await t.rows("messages")).map((row) => row.id)) {
    said.push(JSON.stringify(await t.api("GET", `/api/v1/messages/${id}/explain`)));
  }
  for (const path of ["/api/v1/info", "/metrics", "/readyz", "/healthz", "/openapi.json", "/"]) {
    said.push(JSON.stringify(await t.api("GET", path)));
  }
  const env = {
    AGENT_RUNTIME_DATA_DIR: t.dataDir,
    AGENT_RUNTIME_TELEGRAM_TOKEN: TOKEN,
    AGENT_RUNTIME_TELEGRAM_API_BASE: t.telegram.url,
    AGENT_RUNTIME_ADMIN_TOKEN: ADMIN,
  };
  for (const args of [["config", "show"], ["doctor"], ["tasks", "show", "zzzzzz"]]) {
    said.push(JSON.stringify(await runCommand(args, { cwd: t.directory, env })));
  }
  said.push(...t.telegram.sent.map(({ raw }) => raw), ...t.logLines, readDataDirectory());

  const auditKey = readFileSync(join(t.dataDir, "audit.key"), "utf8").trim();
  for (const secret of [BOT_SECRET, ADMIN, auditKey]) {
    expect(
      said.filter((text) => text.includes(secret)).map((text) => excerpt(text, secret)),
    ).toEqual([]);
  }
});

function excerpt(text: string, secret: string): string {
  const at = text.indexOf(secret);
  return text.slice(Math.max(0, at - 200), at + 80);
}
