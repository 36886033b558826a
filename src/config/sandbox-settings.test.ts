import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { loadConfig } from "./load-config.ts";

const NAME = "AGENT_RUNTIME_SANDBOX_ALLOWED_COMMANDS";
const load = (text: string) => loadConfig({ env: { [NAME]: text }, cwd: tmpdir() });

test("takes programs by their names, never by where they lie", () => {
  expect(load("ls, g++").sandbox.allowedCommands).toEqual(["ls", "g++"]);
  for (const text of ["/bin/ls", "ls -l", "../ls"])
    expect(() => load(text)).toThrow("without their folders");
});
