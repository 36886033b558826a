import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestRuntime, type TestRuntime } from "../support/open-test-runtime.ts";
import { createScriptedModel, type ScriptedModel } from "../support/scripted-model.ts";

let t: TestRuntime;
let model: ScriptedModel;
beforeEach(async () => {
  model = createScriptedModel({ text: "Noted." });
  t = await openTestRuntime({ model, env: { LLM_PUBLIC_SYSTEM_PROMPT: "Mind the gap." } });
});
afterEach(() => t.close());

function put(path: string, text: string | Buffer) {
  mkdirSync(dirname(join(t.dataDir, path)), { recursive: true });
  writeFileSync(join(t.dataDir, path), text);
}

let said = 0;
async function tell(text: string): Promise<string> {
  said += 1;
  const { status } = await t.api("POST", "/api/v1/chat", {
    connector: "api",
    external_id: "desk",
    display_name: "Desk",
    message_id: `m-${said}`,
    text,
  });
  expect(status).toBe(200);
  return String(model.calls.at(-1)?.prompt[0]?.content);
}

test("what operators write, and what people state, is told from the next message on", async () => {
  expect(await tell("hello")).toContain("  Mind the gap.");
  const context = await t.row("contexts", ({ connector }) => connector === "api");
  put("context/SYSTEM_PROMPT.md", "You keep the shop.");
  put("context/REASONING.md", Buffer.from([0xff, 0xfe]));
  put("skills/common/till.md", "Count twice.");
  put(`workspaces/${context.workspace_id}/context/agents/${context.id}/SOUL.md`, "Be dry.");
  put(`workspaces/${context.workspace_id}/memory/workspace.md`, "- Closed on Mondays.");
  await tell("Always greet first.");
  const told = await tell("what now?");
  for (const line of ["You keep the shop.", "Count twice.", "Be dry.", "- Closed on Mondays."])
    expect(told).toContain(`\n  ${line}`);
  expect(told).toContain("  1. Always greet first.");

  const complaints = t.logLines.filter((line) => line.includes("is not used"));
  expect(complaints).toHaveLength(1);
  expect(complaints[0]).toContain("REASONING.md");
  expect(complaints[0]).toContain("it is not UTF-8");
});

test("a long answer is told again within the budget, and the tools for more are offered", async () => {
  await tell(`x ${"long ".repeat(3_000)}`);
  await tell("and now?");
  const last = model.calls.at(-1);
  expect(JSON.stringify(last?.prompt).length / 4).toBeLessThan(16_000);
  expect(last?.tools?.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["read_more", "remember"]),
  );
});
