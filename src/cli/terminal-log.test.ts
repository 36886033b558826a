import { expect, test } from "vitest";
import { createRedactor, MASK } from "../core/redact.ts";
import { createTerminalLog } from "./terminal-log.ts";

function setup(least: "debug" | "warn" = "warn") {
  const lines: string[] = [];
  const log = createTerminalLog(least, createRedactor(["canary-secret"]), (line) =>
    lines.push(line),
  );
  return { log, lines };
}

test("writes one plain line with the facts and the error's text, without its stack", () => {
  const { log, lines } = setup();
  log.write("warn", "telegram refused", {
    connector: "telegram",
    error: new Error("wrong\ntoken"),
  });
  expect(lines).toEqual(["warning: telegram refused (connector=telegram): wrong token"]);
});

test("leaves out what is less important, and secrets and control characters always", () => {
  const { log, lines } = setup();
  log.write("info", "nothing");
  log.write("error", "failed", { name: "\u001b[31mred", error: new Error("canary-secret") });
  expect(lines).toEqual([`error: failed (name=�[31mred): ${MASK}`]);
});
