import { afterEach, expect, test, vi } from "vitest";
import { ASK_ALL, approvalScene } from "../support/approval-scene.ts";
import { findPrograms } from "../support/find-programs.ts";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { createScriptedModel } from "../support/scripted-model.ts";

let t: TestRuntime;
afterEach(() => t.close());

const { chat, decide, parked, over } = approvalScene(() => t);
/** An argument of no other program on this machine. */
const WORD = `600.${process.pid}`;

test("a program that runs when the runtime stops ends with it, and is not run again unless a person wants it", async () => {
  t = await openTestRuntime({
    model: createScriptedModel(
      { callTool: "run_command", input: { command: "sleep", args: [WORD] } },
      { text: "Well." },
    ),
    env: { ...ASK_ALL, SANDBOX_ALLOWED_COMMANDS: "sleep" },
  });
  await chat({ wait_seconds: 0 });
  await decide((await parked()).id, true);
  await vi.waitFor(() => expect(findPrograms(WORD)).not.toEqual([]), 10_000);
  await t.stop();
  expect(findPrograms(WORD)).toEqual([]);
  await t.restart();
  const again = await parked();
  expect(again).toMatchObject({ is_repeat: 1, tool: "run_command" });
  expect(findPrograms(WORD)).toEqual([]);
  await decide(again.id, false);
  await over();
});
