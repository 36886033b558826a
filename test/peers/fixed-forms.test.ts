import { afterEach, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";

let t: TestRuntime;
afterEach(() => t.close());

const chat = async (text: string) =>
  (await t.api("POST", "/api/v1/chat", { text, wait_seconds: 30 })).body.reply as string;

test("a form runs a program in the sandbox, and shows what it wrote or why not", async () => {
  t = await openTestRuntime();
  await chat("write: notes/a.md hello you");
  expect(await chat("run: ls notes")).toMatch(/run_command`? answered:\s+`*\s*a\.md/u);
  expect(await chat("run: sh -c id")).toContain("sh is not among the programs that may be run:");
  expect(await chat("python: print(6 * 7)\nrun: cat notes/nothing")).toMatch(
    /answered:.*42.*answered with an error:.*exit code 1/su,
  );
});
