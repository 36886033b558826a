import { describeError } from "../core/errors.ts";
import type { Log, LogLevel } from "../core/log.ts";
import type { Redactor } from "../core/redact.ts";
import { toTerminalLine } from "./print.ts";

const ORDER: readonly LogLevel[] = ["debug", "info", "warn", "error"];
const NAMES: Readonly<Record<LogLevel, string>> = {
  debug: "debug",
  info: "info",
  warn: "warning",
  error: "error",
};

/** The log for a person at a terminal: one plain line each, the error's text instead of its stack, no secret. */
export function createTerminalLog(
  least: LogLevel,
  redactor: Redactor,
  write: (line: string) => void,
): Log {
  return {
    write(level, message, fields = {}) {
      if (ORDER.indexOf(level) < ORDER.indexOf(least)) return;
      const { error, err, ...rest } = fields;
      const cause = error ?? err;
      const facts = Object.entries(redactor.redactFields(rest)).map(
        ([name, value]) => `${name}=${formatFact(value)}`,
      );
      const reason = cause === undefined ? "" : `: ${redactor.redact(describeError(cause))}`;
      const detail = facts.length === 0 ? "" : ` (${facts.join(", ")})`;
      write(toTerminalLine(`${NAMES[level]}: ${redactor.redact(message)}${detail}${reason}`));
    },
  };
}

function formatFact(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
