import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createHeldModel } from "../support/held-model.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { pairOwner, pairPerson } from "../support/pair-people.ts";
import { readEvents } from "../support/read-events.ts";
import { runCommand } from "../support/run-command.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

let t: TestRuntime;
afterEach(() => t.close());

const cli = (...args: readonly string[]) =>
  runCommand(args, { cwd: t.directory, env: { AGENT_RUNTIME_DATA_DIR: t.dataDir } });
const begins = (text: string) => (sent: { readonly text: string }) => sent.text.startsWith(text);

/** The result file of a task, where the reference says it lies. */
function readResult(task: { id: string; workspace_id: string; finished_at_ms: number | null }) {
  const day = new Date(task.finished_at_ms ?? 0).toISOString().slice(0, 10).replaceAll("-", "/");
  const file = join(t.dataDir, "workspaces", task.workspace_id, "tasks", day, `${task.id}.md`);
  return readFileSync(file, "utf8");
}

test("/task is done in the background, told where it was asked, and kept in its file", async () => {
  t = await openTestRuntime({ telegram: true });
  await pairOwner(t);
  const ann = await pairPerson(t, { id: 2002, name: "Ann" });
  t.telegram.say(ann.chat, ann.user, "/task compare three\nkinds of tea");
  const queued = await t.telegram.nextSent();
  expect(queued.text).toMatch(/^Task task_\w+ is queued: compare three/);
  const done = await t.telegram.nextSent();
  expect(done).toMatchObject({ chatId: 2002, text: expect.stringMatching(/^Done: compare three/) });
  expect(done.text).toContain("Offline model: I read the task");
  await t.idle();

  const [task] = await t.rows("tasks");
  expect(task).toMatchObject({ status: "succeeded", prompt: "compare three\nkinds of tea" });
  expect(task?.result_text).toMatch(/^Offline model:/);
  if (task === undefined) throw new Error("there is no task");
  const text = readResult(task);
  expect(text).toContain("## Prompt\n\ncompare three\nkinds of tea\n");
  expect(text).toContain(`## Result\n\n${task.result_text}`);
  expect(text).toContain(task.id);
  const message = (await t.rows("messages")).at(-1);
  expect(message).toMatchObject({ outcome: "task", task_id: task.id });

  const view = (await t.api("GET", `/api/v1/tasks?id=${task.id.slice(-6)}`)).body;
  expect(view).toMatchObject({ id: task.id, status: "succeeded", source_connector: "telegram" });
  expect(view.result_path).toMatch(/tasks\/\d{4}\/\d\d\/\d\d\/task_\w+\.md$/);
  expect((await cli("tasks", "list")).stdout).toContain(task.id);
  expect((await cli("tasks", "show", task.id.slice(-6))).stdout).toContain("Offline model:");
});

test("POST /api/v1/tasks needs only a prompt; its life is seen on the event stream", async () => {
  const model = createHeldModel();
  t = await openTestRuntime({ model });
  const events = await readEvents(t);
  const created = await t.api("POST", "/api/v1/tasks", { prompt: "sort the post" });
  expect(created).toMatchObject({ status: 202, body: { status: "queued", kind: "general" } });
  const { id } = created.body;
  await model.begun(1);
  expect((await t.api("GET", `/api/v1/tasks?id=${id}`)).body.status).toBe("running");
  model.release();
  await t.row("tasks", ({ status }) => status === "succeeded");
  const named = (name: string) => events.next((one) => one.name === name && one.ids.includes(id));
  for (const name of ["create-task", "begin-task", "finish-task"]) await named(name);
  await t.idle();
  const page = (await t.api("GET", "/api/v1/tasks?status=succeeded")).body;
  expect(page).toMatchObject({
    count: 1,
    next_cursor: null,
    items: [{ id, prompt: "sort the post" }],
  });
  expect((await t.api("GET", "/api/v1/tasks?status=failed")).body.items).toEqual([]);
  await events.close();
});

test("a running task is cancelled over HTTP at its next step; a finished or unknown one is not", async () => {
  const model = createHeldModel();
  t = await openTestRuntime({ telegram: true, model });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "/task count to a million");
  await model.begun(1);
  const id = (await t.rows("tasks"))[0]?.id;
  const cancel = (task_id: unknown) => t.api("POST", "/api/v1/tasks/cancel", { task_id });
  expect(await cancel(id)).toEqual({ status: 202, body: { task_id: id, status: "running" } });
  await t.row("tasks", ({ status }) => status === "cancelled");
  expect((await t.telegram.nextSent(begins("Stopped:"))).text).toContain("count to a million");
  await t.idle();
  expect(model.aborted).toBe(1);
  expect(await cancel(id)).toMatchObject({ status: 409, body: { code: "conflict" } });
  expect(await cancel("task_zzzzzzzz")).toMatchObject({ status: 404, body: { code: "not_found" } });
  expect(await t.api("POST", "/api/v1/tasks/retry", { task_id: id })).toMatchObject({
    status: 409,
  });
});

test("a waiting task is cancelled by its button at once, and by the terminal", async () => {
  const model = createHeldModel();
  t = await openTestRuntime({ telegram: true, model, env: { DEFAULT_CONCURRENCY: "1" } });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "/task one");
  await model.begun(1);
  t.telegram.say(owner.chat, owner.user, "/task two");
  t.telegram.press(await t.telegram.nextSent(({ text }) => text.endsWith("two")), "Cancel it");
  await t.telegram.nextSent(({ text }) => /^Task task_\w+ is cancelled: two$/.test(text));
  t.telegram.say(owner.chat, owner.user, "/task three");
  await t.telegram.nextSent(({ text }) => text.endsWith("three"));
  const third = (await t.rows("tasks"))[2]?.id ?? "";
  expect((await cli("tasks", "cancel", third)).stdout).toBe(`${third} is cancelled.\n`);
  await t.telegram.nextSent(({ text }) => text === `Task ${third} was cancelled: three`);
  model.release();
  await t.telegram.nextSent(begins("Done: one"));
  await t.idle();
  expect((await t.rows("tasks")).map(({ status }) => status)).toEqual([
    "succeeded",
    "cancelled",
    "cancelled",
  ]);
  expect(model.asked).toEqual(["one"]);
});

test("a task that fails is failed, told once, and can be done again", async () => {
  const model = createScriptedModel(
    { callTool: "fly" },
    { callTool: "fly" },
    { text: "Now it is done." },
  );
  const env = { AGENT_AUTONOMOUS_MAX_LOOP_STEPS: "2" };
  t = await openTestRuntime({ telegram: true, model, env });
  const owner = await pairOwner(t);
  t.telegram.say(owner.chat, owner.user, "/task fly to the moon");
  const failed = await t.telegram.nextSent(begins("Failed: fly to the moon"));
  expect(failed.text).toContain("used up what one run may take, 2 steps");
  const old = await t.row("tasks", ({ status }) => status === "failed");
  const again = await cli("tasks", "retry", old.id);
  expect(again.stdout).toMatch(new RegExp(`^task_\\w+ is queued, again for ${old.id}\\.\n$`));
  expect((await t.telegram.nextSent(begins("Done:"))).text).toContain("Now it is done.");
  await t.idle();
  expect((await t.rows("tasks")).map((row) => [row.status, row.retry_of_task])).toEqual([
    ["failed", null],
    ["succeeded", old.id],
  ]);
  expect(t.telegram.sent.filter(begins("Failed:"))).toHaveLength(1);
});
