import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

let t: TestRuntime;
afterEach(() => t.close());

test("the agent works with files, skills and tasks, and its task comes to an end of its own", async () => {
  const model = createScriptedModel(
    {
      callTools: [
        ["write_file", { path: "scratch/draft.md", content: "one two" }],
        ["learn_skill", { name: "weekly-report", content: "Ask Ada." }],
        ["create_task", { title: "Report", description: "Write the report.", priority: "high" }],
        ["read_file", { path: "../../../admin-token" }],
      ],
    },
    { text: "All of it is done." },
  );
  t = await openTestRuntime({ model });
  const { body } = await t.api("POST", "/api/v1/chat", { text: "Get going." });
  expect(body).toMatchObject({ outcome: "answered", reply: "All of it is done." });

  const workspaceId = (await t.rows("runs"))[0]?.workspace_id ?? "";
  const file = (path: string) =>
    readFileSync(join(t.dataDir, "workspaces", workspaceId, path), "utf8");
  expect(file("scratch/draft.md")).toBe("one two");
  expect(file("skills/common/weekly-report/SKILL.md")).toContain("Ask Ada.");
  const task = await t.row("tasks", ({ status }) => status === "succeeded");
  expect(task).toMatchObject({ title: "Report", priority: "p1", taint: 0 });

  const told = JSON.stringify(model.calls[1]?.prompt);
  expect(told).toContain("leads out of the workspace");
  const steps = (await t.rows("run_steps")).filter(({ kind }) => kind === "tool");
  expect(steps.map(({ name, state }) => `${name} ${state}`).sort()).toEqual([
    "create_task finished",
    "learn_skill finished",
    "read_file failed",
    "write_file finished",
  ]);
});

test("a model is told what a tool has read without what looks like a key, from the first time on", async () => {
  const key = "AKIAABCDEFGHIJKLMNOP";
  const model = createScriptedModel(
    { callTool: "write_file", input: { path: "scratch/key.md", content: `It is ${key}.` } },
    { callTool: "read_file", input: { path: "scratch/key.md" } },
    { callTool: "list_files" },
    { text: "I have read it." },
  );
  t = await openTestRuntime({ model });
  await t.api("POST", "/api/v1/chat", { text: "Which key is it?" });

  const readings = model.calls.slice(2).map(({ prompt }) => JSON.stringify(prompt[5]?.content));
  expect(readings[0]).toContain("It is [redacted].");
  expect(readings[1]).toBe(readings[0]);
});
