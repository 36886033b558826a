import { afterEach, expect, test } from "vitest";
import { findFreePort } from "../support/find-free-port.ts";
import { createHeldModel } from "../support/held-model.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { runCommand } from "../support/run-command.ts";

let t: TestRuntime;
afterEach(() => t.close());

const cli = (args: readonly string[], input = "", env = {}) =>
  runCommand(args, { cwd: t.directory, env: { AGENT_RUNTIME_DATA_DIR: t.dataDir, ...env }, input });

test("a conversation in the terminal: help, an answer, a task and its result", async () => {
  t = await openTestRuntime();
  const talk = await cli(["chat"], "/help\nHello out there\n/task water the plants\n/exit\n");
  expect(talk).toMatchObject({ exitCode: 0, stderr: "" });
  expect(talk.stdout).toContain("What you can do here");
  expect(talk.stdout).toContain("I am the offline model");
  const id = /Task (task_\w+) is queued: water the plants/.exec(talk.stdout)?.[1] ?? "";
  await t.row("tasks", (row) => row.id === id && row.status === "succeeded");
  const shown = await cli(["tasks", "show", id.slice(-8)]);
  expect(shown.stdout).toMatch(/^status +succeeded$/m);
  expect(shown.stdout).toContain("Offline model: I read the task");
  const messages = await t.rows("messages");
  const explained = await cli(["explain", messages[1]?.id.slice(-6) ?? ""]);
  expect(explained.stdout).toContain("Outcome: answered");
  expect(new Set(messages.map(({ connector }) => connector))).toEqual(new Set(["cli"]));
});

test("a long turn is stopped from another terminal", async () => {
  const model = createHeldModel();
  t = await openTestRuntime({ model });
  const waiting = cli(["chat", "Count", "to", "a", "million"]);
  await model.begun(1);
  expect(await cli(["chat", "/cancel"])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("What shall end?"),
  });
  expect(await cli(["chat", "stop"])).toMatchObject({ exitCode: 0, stdout: "I am stopping.\n" });
  expect(await waiting).toEqual({
    exitCode: 1,
    stdout: "Stopped.\n",
    stderr: "This failed (cancelled).\n",
  });
});

test("commands beside a running service: doctor, the audit's head, and what is refused", async () => {
  t = await openTestRuntime();
  await cli(["chat", "/help"]);
  const head = (await cli(["audit", "head"])).stdout.trim();
  expect(await cli(["audit", "verify", "--head", head])).toMatchObject({ exitCode: 0 });
  expect((await cli(["doctor"])).stdout).toMatch(/^ok +service /m);
  expect(await cli(["tasks", "show", "zzzzzz"])).toEqual({
    exitCode: 1,
    stdout: "",
    stderr: "I know no task zzzzzz.\n",
  });
  expect((await cli(["serve", "--port", "0"])).stderr).toMatch(/^Another agent-runtime is using/);
  await t.stop();
  const nobody = { AGENT_RUNTIME_HTTP_ADDR: `127.0.0.1:${await findFreePort()}` };
  const alone = await cli(["tasks", "list"], "", nobody);
  expect(alone).toMatchObject({ exitCode: 1, stdout: "" });
  expect(alone.stderr).toMatch(/^No runtime answers at .*serve\n$/);
});
