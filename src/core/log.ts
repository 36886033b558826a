export type LogLevel = "debug" | "info" | "warn" | "error";

/** Structured log. `fields` have fixed names (taskId, contextId, connector, durationMs, code, error); `message` is constant text. */
export interface Log {
  write(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
}
