import { expect, test } from "vitest";
import { AppError } from "../core/errors.ts";
import type { LogLevel } from "../core/log.ts";
import { createRedactor, MASK } from "../core/redact.ts";
import { createJsonLog } from "./json-log.ts";

const CANARY = "canary-51c9e0";

function setup(level: LogLevel = "info") {
  const lines: string[] = [];
  const log = createJsonLog({
    level,
    redactor: createRedactor([CANARY]),
    destination: { write: (line) => void lines.push(line) },
  });
  return {
    log,
    lines,
    parsed: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

test("writes one JSON object a line with level, time and message", () => {
  const { log, lines, parsed } = setup();
  log.write("info", "task executed", { taskId: "task_1", durationMs: 12 });
  expect(lines[0]).toMatch(/^\{.*\}\n$/);
  expect(parsed()).toEqual([
    {
      level: "info",
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      message: "task executed",
      taskId: "task_1",
      durationMs: 12,
    },
  ]);
});

test("leaves out lines below its level", () => {
  const { log, lines } = setup("warn");
  log.write("debug", "a");
  log.write("info", "b");
  log.write("warn", "c");
  log.write("error", "d");
  expect(lines).toHaveLength(2);
});

test("holds no secret: not in the message, a field, a key, an error or its cause", () => {
  const { log, lines, parsed } = setup();
  const error = new AppError("unavailable", `no answer ${CANARY}`, {
    cause: new Error(`at ${CANARY}`),
  });
  log.write("error", `failed ${CANARY}`, {
    [CANARY]: 1,
    error,
    err: error,
    url: new URL(`http://x/?a=${CANARY}`),
  });
  expect(lines.join("")).not.toContain(CANARY);
  expect(parsed()[0]).toMatchObject({
    error: {
      code: "unavailable",
      message: `no answer ${MASK}`,
      stack: expect.any(String),
      cause: { message: `at ${MASK}` },
    },
  });
});

test("keeps its own keys apart from fields of the same name", () => {
  const { log, lines, parsed } = setup();
  log.write("info", "m", { message: "theirs", level: "x", time: 0 });
  expect(lines[0]?.match(/"message":/g)).toHaveLength(1);
  expect(parsed()[0]).toMatchObject({ message: "m", level: "info", message_: "theirs" });
});
