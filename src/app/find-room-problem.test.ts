import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCommand } from "../../test/support/run-command.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "agent-runtime-tool-room-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function plant(name: string): void {
  const own = join(home, "plugins", name);
  mkdirSync(own, { recursive: true });
  const manifest = {
    name,
    description: "Greets. ".repeat(100),
    command: ["sh", "{plugin}/run.sh"],
    arguments: { type: "object", properties: { who: { type: "string" } } },
    effect: "read",
    sensitivity: "read",
  };
  writeFileSync(join(own, "plugin.json"), JSON.stringify(manifest));
}
const doctor = async () => {
  const env = {
    AGENT_RUNTIME_DATA_DIR: join(home, "data"),
    AGENT_RUNTIME_EXT_PLUGINS_DIR: join(home, "plugins"),
    AGENT_RUNTIME_CONTEXT_TOKENS: "12000",
  };
  return (await runCommand(["doctor"], { cwd: home, env })).stdout;
};

test("the doctor says without the service that the tools take most of a request", async () => {
  expect(await doctor()).not.toContain("The tools take about");
  for (let n = 1; n <= 30; n += 1) plant(`greet${n}`);
  expect(await doctor()).toMatch(
    /warn +tools +The tools take about \d+ tokens of every request, which may have 12000\./u,
  );
});
