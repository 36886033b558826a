import { afterEach, expect, test } from "vitest";
import { ASK_ALL, approvalScene, WRITES } from "../support/approval-scene.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { runCommand } from "../support/run-command.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

let t: TestRuntime;
afterEach(() => t.close());

const { chat, parked, over, written } = approvalScene(() => t);
const open = () => openTestRuntime({ model: createScriptedModel(...WRITES), env: ASK_ALL });
const cli = (...args: readonly string[]) =>
  runCommand(args, { cwd: t.directory, env: { AGENT_RUNTIME_DATA_DIR: t.dataDir } });

test("in a terminal an approval is listed, shown whole and approved once, by its whole id", async () => {
  t = await open();
  expect((await cli("approvals", "list")).stdout).toBe("There are no such approvals.\n");
  await chat({ wait_seconds: 0 });
  const { id } = await parked();
  expect((await cli("approvals", "list", "--state", "pending")).stdout).toContain(id);
  const shown = await cli("approvals", "show", id);
  expect(shown).toMatchObject({ exitCode: 0, stderr: "" });
  expect(shown.stdout).toContain('"content": "hello"');
  // Also to whoever asks in the conversation, with what decides.
  const said = await cli("chat", `/pending-actions ${id}`);
  expect(said.stdout).toMatch(/^Approve this\? write_file/);
  expect(said.stdout).toContain(`/approve-action ${id}`);
  for (const wrong of [id.slice(-8), id.slice(0, -1), "act_0", "latest"])
    for (const verb of ["show", "approve", "deny"])
      expect(await cli("approvals", verb, wrong)).toMatchObject({
        exitCode: 1,
        stdout: "",
        stderr: expect.stringMatching(/I know no approval|by its whole id/),
      });
  expect((await cli("approvals", "approve", id)).stdout).toContain(`${id} is approved.`);
  await over();
  expect(written()).toHaveLength(1);
  const late = await cli("approvals", "deny", id, "--reason", "too late");
  expect(late.exitCode).toBe(1);
  expect(late.stderr).toContain(`${id} was approved by Owner already`);
  const decided = (await cli("chat", `/pending-actions ${id}`)).stdout;
  expect(decided).toMatch(/approved by Owner at .*, done/);
});

test("in a terminal an approval is denied with a reason, and the report of another preset counts its call", async () => {
  t = await open();
  expect((await cli("approvals", "shadow", "--preset", "never-ask", "--days", "1")).stdout).toBe(
    "No tool was called in the last day.\n",
  );
  await chat({ wait_seconds: 0 });
  const { id } = await parked();
  expect((await cli("approvals", "deny", id, "--reason", "not today")).exitCode).toBe(0);
  await over();
  expect((await cli("approvals", "show", id)).stdout).toMatch(
    /^act_\w+: "denied by .*\(not today\)"/,
  );
  const report = (await cli("approvals", "shadow", "--preset", "never-ask")).stdout;
  expect(report).toMatch(/^Under never-ask, the last 7 days:\n/);
  expect(report).toMatch(/^write_file +1 +0 +1 +0 +0 +1 *$/m);
  expect(written()).toEqual([]);
});
