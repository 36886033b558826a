import pino from "pino";
import type { Log, LogLevel } from "../core/log.ts";
import type { Redactor } from "../core/redact.ts";

export interface JsonLogOptions {
  /** The least important lines that are still written. */
  readonly level: LogLevel;
  readonly redactor: Redactor;
  /** Where the lines go; default standard output. */
  readonly destination?: { write(line: string): void };
}

/**
 * A log of one JSON object a line: `level`, `time`, `message` and the fields, all redacted, errors with their causes.
 * A line is written before `write` returns, so nothing is lost when the process ends. A closed pipe is ignored.
 */
export function createJsonLog({ level, redactor, destination }: JsonLogOptions): Log {
  const lines = pino(
    {
      level,
      base: null,
      messageKey: "message",
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Errors are spelled out by the redactor; pino's own serialiser would copy their properties unseen.
      serializers: {},
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
  return {
    write(lineLevel, message, fields) {
      if (!lines.isLevelEnabled(lineLevel)) return;
      lines[lineLevel](
        redactor.redactFields(withoutReserved(fields ?? {})),
        redactor.redact(message),
      );
    },
  };
}

const RESERVED = ["level", "time", "message"];

/** A field named like one of ours would stand in the line twice. */
function withoutReserved(
  fields: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (!RESERVED.some((name) => name in fields)) return fields;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      RESERVED.includes(name) ? `${name}_` : name,
      value,
    ]),
  );
}
