import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ownWordsOf } from "../../test/support/own-words-of.ts";
import { createScriptedModel } from "../../test/support/scripted-model.ts";
import { openTestAgent, type TestAgent } from "../../test/support/start-agent.ts";
import { MAX_ATTEMPTS } from "../core/job/job.ts";
import { listButtons } from "../core/rich-text/list-buttons.ts";

let agent: TestAgent;
beforeEach(async () => {
  agent = await openTestAgent();
});
afterEach(() => agent.close());

const isOver = (rows: readonly { status: string }[]) =>
  rows.every((row) => ["succeeded", "failed", "cancelled"].includes(row.status));

/** What was told of a task, without its title and its answer where they stand as somebody's words. */
const ownWords = (told: readonly { body: string }[]) =>
  told.map(({ body }) => ownWordsOf(JSON.parse(body))).join("\n");

async function failToWriteTheFile(): Promise<void> {
  for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt += 1) {
    await agent.until("jobs", (jobs) =>
      jobs.some(
        (job) => job.kind === "project-file" && job.attempts === attempt && job.state === "ready",
      ),
    );
    agent.clock.advance(600_000);
  }
}

describe("a task", () => {
  test("succeeds offline with a result that says so, a reply and a file", async () => {
    const { taskId } = await agent.createTask("prepare the report");
    await agent.startWorkers();

    const [task] = await agent.until("tasks", (rows) => rows[0]?.result_path != null);
    expect(task).toMatchObject({ status: "succeeded", attempts: 1, error_message: null });
    expect(task?.result_text).toMatch(/^Offline model: /u);
    expect(task?.result_summary).toMatch(/^Offline model: /u);
    expect(await agent.rows("runs")).toMatchObject([
      { kind: "task", state: "succeeded", task_id: taskId },
    ]);
    const [delivery] = await agent.rows("deliveries");
    expect(delivery).toMatchObject({ context_id: agent.contextId, task_id: taskId });
    expect(delivery?.body).toContain("Offline model:");

    expect(task?.result_path).toBe(`tasks/2026/01/15/${taskId}.md`);
    const path = join(agent.workspaceRoot, agent.workspaceId, task?.result_path ?? "");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const text = await readFile(path, "utf8");
    for (const part of [
      taskId,
      agent.workspaceId,
      agent.contextId,
      "prepare the report",
      "2026-01-15T12:00:00.000Z",
      "Offline model:",
    ]) {
      expect(text).toContain(part);
    }
  });

  test("stays succeeded when its file cannot be written, and the person and admins hear of it once", async () => {
    await writeFile(agent.workspaceRoot, "a file where a directory should be");
    await agent.addHub("ctx_hub");
    await agent.createTask("prepare the report");
    await agent.startWorkers();

    await failToWriteTheFile();
    const told = await agent.until("deliveries", (rows) => rows.length === 3);
    expect(told.slice(1).map(({ context_id }) => context_id)).toEqual([agent.contextId, "ctx_hub"]);
    for (const { body } of told.slice(1)) expect(body).toContain("could not be written");
    expect(ownWords(told.slice(1))).not.toContain("prepare the report");
    expect(await agent.rows("tasks")).toMatchObject([{ status: "succeeded", result_path: null }]);
  });

  test("says nothing of a report about people in the group, also when its file cannot be written", async () => {
    await writeFile(agent.workspaceRoot, "a file where a directory should be");
    await agent.addHub("ctx_hub");
    await agent.addGroup("ctx_group");
    await agent.createTask("Somebody posts spam", {
      contextId: "ctx_group",
      routeClass: "moderation",
    });
    await agent.startWorkers();
    await failToWriteTheFile();
    const told = await agent.until("deliveries", (rows) => rows.length === 2);
    expect(told.map(({ context_id }) => context_id)).toEqual(["ctx_hub", "ctx_hub"]);
    expect(told[1]?.body).toContain("could not be written");
  });

  test("gives admins the words of a report about people without the model's buttons", async () => {
    await agent.addHub("ctx_hub");
    await agent.addGroup("ctx_group");
    await agent.createTask("Somebody posts spam", {
      contextId: "ctx_group",
      routeClass: "moderation",
    });
    const text = "It is spam. [List them](command:/tasks)";
    await agent.startWorkers(createScriptedModel({ text }));
    const [told] = await agent.until("deliveries", (rows) => rows.length === 1);
    expect(told?.context_id).toBe("ctx_hub");
    expect(told?.body).toContain("It is spam.");
    expect(ownWords(told === undefined ? [] : [told])).not.toContain("posts spam");
    const commands = listButtons(JSON.parse(told?.body ?? "")).map(({ command }) => command);
    expect(commands).not.toContain("/tasks");
  });

  test("keeps a summary of one line and 180 characters as a person counts them", async () => {
    await agent.createTask("write a lot");
    await agent.startWorkers(createScriptedModel({ text: "👩‍👩‍👧\n\n".repeat(400) }));

    const [task] = await agent.until("tasks", isOver);
    const summary = task?.result_summary ?? "";
    expect([...new Intl.Segmenter("en").segment(summary)]).toHaveLength(180);
    expect(summary.endsWith("…")).toBe(true);
    expect(summary).not.toContain("\n");
  });

  test("fails truly and reaches the person once when the model never answers", async () => {
    await agent.addHub("ctx_hub");
    const { taskId } = await agent.createTask("prepare the report");
    await agent.startWorkers(createScriptedModel({ failWith: new Error("boom") }));

    const waitsMs: number[] = [];
    for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt += 1) {
      const [job] = await agent.until(
        "jobs",
        (jobs) => jobs[0]?.attempts === attempt && jobs[0].state === "ready",
      );
      waitsMs.push((job?.run_at_ms ?? 0) - agent.clock.now());
      agent.clock.advance(600_000);
    }
    // An outage of some minutes does not end it.
    expect(waitsMs).toEqual([1_000, 8_000, 64_000, 512_000]);
    const [task] = await agent.until("tasks", isOver);
    expect(task).toMatchObject({
      status: "failed",
      error_message: expect.stringMatching(/^The provider of \S+ broke off .* Try again later\.$/),
      attempts: MAX_ATTEMPTS,
    });
    expect((await agent.rows("runs")).map((run) => run.state)).toEqual(
      Array(MAX_ATTEMPTS).fill("failed"),
    );
    const told = await agent.rows("deliveries");
    expect(told.map(({ context_id }) => context_id)).toEqual([agent.contextId, "ctx_hub"]);
    for (const { body } of told) expect(body).toContain(taskId);
    expect(ownWords(told)).not.toContain("prepare the report");
  });

  test("is cancelled while it runs and says so once", async () => {
    const model = createScriptedModel({ hangAfter: "working " });
    const { jobId } = await agent.createTask("work for long");
    await agent.startWorkers(model);
    await model.begun(1);

    await agent.cancel(jobId);
    const [task] = await agent.until("tasks", isOver);
    expect(task).toMatchObject({ status: "cancelled", result_text: null });
    expect(await agent.rows("runs")).toMatchObject([{ state: "cancelled" }]);
    const told = await agent.rows("deliveries");
    expect(told.map((row) => row.body)).toEqual([expect.stringContaining("Stopped: ")]);
    expect(ownWords(told)).not.toContain("work for long");
  });

  test("runs again after a crash as the same task, the earlier run marked interrupted", async () => {
    const model = createScriptedModel({ hangAfter: "working " });
    await agent.createTask("prepare the report");
    const dead = await agent.startWorkers(model);
    await model.begun(1);

    await agent.startWorkers(createScriptedModel({ text: "the report" }));
    const [task] = await agent.until("tasks", isOver);
    await dead.stop();
    expect(task).toMatchObject({ status: "succeeded", result_text: "the report", attempts: 2 });
    expect((await agent.rows("runs")).map((run) => run.state)).toEqual([
      "interrupted",
      "succeeded",
    ]);
    expect((await agent.rows("run_steps")).map((step) => step.state)).toEqual([
      "unknown",
      "finished",
    ]);
    expect(await agent.rows("deliveries")).toHaveLength(1);
  });
});
