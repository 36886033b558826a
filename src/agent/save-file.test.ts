import { readdirSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";
import type { FetchResult } from "../core/message/inbound-file.ts";
import { toPlainText } from "../core/rich-text/to-plain-text.ts";
import { expectFiles } from "../operations/expect-files.ts";
import { judgeDeadLetter } from "../operations/judge-dead-letter.ts";
import { createSqliteEngine } from "../orchestrator/engines/sqlite-engine.ts";
import type { JobHandler } from "../orchestrator/job-handler.ts";
import { runJob } from "../orchestrator/run-job.ts";
import { fileWorkById } from "../store/queries/files.ts";
import { jobById } from "../store/queries/jobs.ts";
import type { FileSource } from "./ports.ts";
import { createSaveFileHandler } from "./save-file.ts";

const SILENT = { write: () => undefined };
const WHOLE: FetchResult = { kind: "whole" };
const noSpace = Object.assign(new Error("ENOSPC: no space left on device, write"), {
  code: "ENOSPC",
});

let agent: TestAgent;
let fetches: (FetchResult | Error)[];
beforeEach(async () => {
  agent = await openTestAgent();
  fetches = [];
});
afterEach(() => agent.close());

const source: FileSource = {
  account: "owner",
  async fetch(_id, take) {
    await take(Buffer.from("plain words"));
    const next = fetches.shift() ?? WHOLE;
    if (next instanceof Error) throw next;
    return next;
  },
};

function start(sources = new Map([["web" as const, source]]), process = "one", filesMaxPerDay = 0) {
  const { store, clock, workspaceRoot } = agent;
  const handler = createSaveFileHandler({
    store,
    clock,
    log: SILENT,
    workspaceRoot,
    filesMaxPerDay,
    sources,
  });
  const engine = createSqliteEngine(store, clock, process);
  return {
    handler,
    engine,
    /** Works on the next job that is due; false when none is. */
    async work(): Promise<boolean> {
      const [job] = await engine.claim("files", 1, clock.now());
      if (job === undefined) return false;
      const deps = { store, clock, random: () => 0, log: SILENT };
      await runJob(deps, handler as unknown as JobHandler, job).done;
      return true;
    },
  };
}

/** A message with a file, in a lane of its own. */
async function sendFile(
  lane = "files",
): Promise<{ readonly fileId: string; readonly jobId: string }> {
  const { store, clock, workspaceId, contextId } = agent;
  const { messageId } = await agent.say("Read it");
  const effects = expectFiles(
    { now: clock.now() },
    {
      files: [{ kind: "document", sourceId: "BQAC", name: "a.txt", sizeBytes: null }],
      messageId,
      context: { id: contextId, workspace_id: workspaceId },
      userId: "usr_1",
      lane,
    },
  );
  const step = { name: "test", actor: "system", cause: messageId, now: clock.now() };
  expect(await store.commit({ ...step, effects })).toBe("committed");
  const [file] = await agent.rows("files");
  const job = (await agent.rows("jobs")).find(({ kind }) => kind === "save-file");
  return { fileId: file?.id ?? "", jobId: job?.id ?? "" };
}

const told = async () =>
  (await agent.rows("deliveries")).map(({ body }) => toPlainText(JSON.parse(body)));

/** Settled as a `/cancel` does. */
async function settleMessageOf(fileId: string): Promise<void> {
  const work = await agent.store.first(fileWorkById, { id: fileId });
  const settle = { id: work?.message_id ?? "", outcome: "failed", reason: "cancelled" } as const;
  const step = { name: "test", actor: "system", cause: "test", now: agent.clock.now() };
  await agent.store.commit({ ...step, effects: [{ type: "settle-message", ...settle }] });
}

/** More often than a job may take its process with it. */
async function dieOften(): Promise<void> {
  for (let death = 0; death <= 25; death += 1) {
    const { engine } = start(undefined, `process ${death}`);
    await engine.reclaim(agent.clock.now());
    expect(await engine.claim("files", 1, agent.clock.now())).toHaveLength(1);
  }
}

const inbox = () =>
  readdirSync(agent.workspaceRoot, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name);

describe("a file", () => {
  test("is tried again when the disk is full for a while", async () => {
    await sendFile();
    const { work } = start();
    fetches.push(noSpace, noSpace);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      expect(await work()).toBe(true);
      agent.clock.advance(10_000);
    }
    expect(await agent.rows("files")).toMatchObject([{ state: "saved", size_bytes: 11 }]);
    expect(await told()).toEqual([]);
  });

  test("is given up when it stays full, and that is told", async () => {
    await sendFile();
    const { work } = start();
    fetches.push(noSpace, noSpace, noSpace, noSpace, noSpace);
    while (await work()) agent.clock.advance(60_000);
    expect(await agent.rows("files")).toMatchObject([{ state: "failed", reason: "not_saved" }]);
    expect(await told()).toEqual([
      "The file a.txt could not be saved. My disk did not take it: send it again later.",
    ]);
  });

  test.each([
    ["is gone", new Map()],
    ["speaks for another account", new Map([["web" as const, { ...source, account: "other" }]])],
  ])("whose channel %s is told as not to be had", async (_, sources) => {
    await sendFile();
    expect(await start(sources).work()).toBe(true);
    expect(await agent.rows("files")).toMatchObject([{ reason: "unreachable" }]);
  });

  test("that no process survives is given up; replaying that would do nothing", async () => {
    const { fileId, jobId } = await sendFile();
    await dieOften();
    const { engine, work } = start(undefined, "last");
    await engine.reclaim(agent.clock.now());
    expect(await work()).toBe(true);
    expect(await agent.rows("files")).toMatchObject([{ state: "failed", reason: "unreachable" }]);
    expect(await told()).toHaveLength(1);
    const job = await agent.store.first(jobById, { id: jobId });
    if (job === undefined) throw new Error("the dead letter is gone");
    expect(await judgeDeadLetter(agent.store, job)).toMatchObject({
      about: fileId,
      replay: undefined,
    });
  });

  test.each([
    ["cancelled afterwards", "cancelled"],
    ["given up", "unreachable"],
  ] as const)(
    "leaves nothing of itself behind when a killed process had begun it and it is %s",
    async (_, reason) => {
      const { fileId } = await sendFile();
      const halfFetched = Promise.withResolvers<void>();
      const endless: FileSource = {
        account: "owner",
        async fetch(_id, take) {
          await take(Buffer.from("plain"));
          halfFetched.resolve();
          return await new Promise(() => undefined);
        },
      };
      void start(new Map([["web" as const, endless]]), "killed").work();
      await halfFetched.promise;
      expect(inbox()).toEqual([`.${fileId}.part`]);
      if (reason === "cancelled") await settleMessageOf(fileId);
      else await dieOften();
      const { engine, work } = start(undefined, "last");
      await engine.reclaim(agent.clock.now());
      expect(await work()).toBe(true);
      expect(await agent.rows("files")).toMatchObject([{ state: "failed", reason }]);
      expect(inbox()).toEqual([]);
    },
  );

  test("beyond the limit of a day is not saved, however many are fetched at once", async () => {
    const senders = ["a", "b", "c", "d"];
    for (const lane of senders) await sendFile(lane);
    const allFetched = Promise.withResolvers<void>();
    let count = 0;
    const together: FileSource = {
      account: "owner",
      async fetch(_id, take) {
        count += 1;
        await take(Buffer.from(`file ${count}`));
        if (count === senders.length) allFetched.resolve();
        await allFetched.promise;
        return WHOLE;
      },
    };
    const { work } = start(new Map([["web" as const, together]]), "one", 2);
    expect(await Promise.all(senders.map(work))).not.toContain(false);
    const states = (await agent.rows("files")).map(({ state, reason }) => reason ?? state);
    expect(states.toSorted()).toEqual(["daily_limit", "daily_limit", "saved", "saved"]);
    expect(inbox()).toHaveLength(2);
    expect(await told()).toEqual([expect.stringContaining("I take 2 files a day")]);
  });

  test("of a message that is settled meanwhile is not fetched", async () => {
    const { fileId } = await sendFile();
    await settleMessageOf(fileId);
    fetches.push(new Error("this must not be asked for"));
    expect(await start().work()).toBe(true);
    expect(await agent.rows("files")).toMatchObject([{ state: "failed", reason: "cancelled" }]);
    expect(await told()).toEqual([]);
    expect(fetches).toHaveLength(1);
  });
});
