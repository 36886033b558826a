import { expect, test } from "vitest";
import { prepareCommands } from "../../test/support/prepare-commands.ts";

const { setup } = prepareCommands();

const TASK = {
  route_class: "",
  assigned_lane: "operations",
  due_at: null,
  is_overdue: false,
  id: "task_k3v9qd7mk3v9qd7m",
  status: "succeeded",
  title: "Report\u001b[31m of\nMay",
  priority: "p3",
  source_connector: "cli",
  source_external_id: "terminal",
  created_at: "2026-11-21T03:55:20.000Z",
  started_at: "2026-11-21T03:55:21.000Z",
  finished_at: null,
  attempts: 1,
  result_path: "",
  result_text: "Offline model: nothing found.",
  result_summary: "nothing",
  error_message: "",
};

test("finds address and key in the data directory and lists tasks on one line each", async () => {
  const { run, seen, key } = await setup(() => [
    200,
    { items: [TASK], count: 1, next_cursor: "c2" },
  ]);
  const { stdout, exitCode } = await run([
    "tasks",
    "list",
    "--status",
    "succeeded",
    "--limit",
    "5",
  ]);
  expect(exitCode).toBe(0);
  expect(seen[0]).toMatchObject({
    call: "GET /api/v1/tasks?limit=5&status=succeeded",
    key,
  });
  expect(stdout.split("\n")).toEqual([
    expect.stringMatching(/^ID +STATUS +CREATED +TITLE$/),
    "task_k3v9qd7mk3v9qd7m  succeeded  2026-11-21 03:55 UTC  Report�[31m of May",
    "There are more: --cursor c2",
    "",
  ]);
});

test("prints JSON exactly as the service gave it", async () => {
  const { run } = await setup(() => [200, TASK]);
  const { stdout } = await run(["tasks", "show", TASK.id, "--json"]);
  expect(JSON.parse(stdout)).toEqual(TASK);
  expect(stdout).not.toContain("\u001b");
});

test("shows a task with its result", async () => {
  const { run } = await setup(() => [200, TASK]);
  const { stdout } = await run(["tasks", "show", TASK.id]);
  expect(stdout).toMatch(/^status +succeeded$/m);
  expect(stdout).toMatch(/\n\nOffline model: nothing found\.\n$/);
});

test("says which tasks are overdue, and lists them alone when asked", async () => {
  const late = {
    ...TASK,
    status: "queued",
    is_overdue: true,
    due_at: "2026-11-20T03:55:20.000Z",
  };
  const { run, seen } = await setup(({ call }) =>
    call.includes("id=") ? [200, late] : [200, { items: [late], count: 1, next_cursor: null }],
  );
  const listed = await run(["tasks", "list", "--overdue"]);
  expect(seen[0]?.call).toBe("GET /api/v1/tasks?limit=20&overdue=true");
  expect(listed.stdout).toContain("queued, overdue");
  const shown = await run(["tasks", "show", TASK.id]);
  expect(shown.stdout).toMatch(/^due +2026-11-20 03:55 UTC, overdue$/m);
});
