import type { LogLevel } from "./log.ts";

interface ErrorPolicy {
  readonly httpStatus: number;
  /** What a person in a chat is told when nothing more exact may be said. */
  readonly reply: string;
  /** Whether trying the same thing again can help. */
  readonly retryable: boolean;
  readonly logLevel: LogLevel;
}

/** Every error the product knows, once: HTTP, chat, CLI and the workers all read this table. */
export const ERROR_POLICY = {
  invalid_input: {
    httpStatus: 400,
    reply: "I cannot use that input.",
    retryable: false,
    logLevel: "debug",
  },
  unauthenticated: {
    httpStatus: 401,
    reply: "I do not know who you are yet. Send /pair.",
    retryable: false,
    logLevel: "debug",
  },
  access_denied: {
    httpStatus: 403,
    reply: "Your role does not allow that.",
    retryable: false,
    logLevel: "info",
  },
  approval_required: {
    httpStatus: 403,
    reply: "That needs an approval first.",
    retryable: false,
    logLevel: "info",
  },
  not_found: {
    httpStatus: 404,
    reply: "I found nothing by that name.",
    retryable: false,
    logLevel: "debug",
  },
  method_not_allowed: {
    httpStatus: 405,
    reply: "That cannot be done here.",
    retryable: false,
    logLevel: "debug",
  },
  conflict: {
    httpStatus: 409,
    reply: "That has changed in the meantime.",
    retryable: false,
    logLevel: "debug",
  },
  too_large: { httpStatus: 413, reply: "That is too large.", retryable: false, logLevel: "debug" },
  rate_limited: {
    httpStatus: 429,
    reply: "That is too much at once. Try again in a minute.",
    retryable: true,
    logLevel: "info",
  },
  cancelled: { httpStatus: 409, reply: "That was cancelled.", retryable: false, logLevel: "info" },
  unavailable: {
    httpStatus: 503,
    reply: "Something I need does not answer right now.",
    retryable: true,
    logLevel: "warn",
  },
  internal: {
    httpStatus: 500,
    reply: "Something went wrong on my side. It is in the log.",
    retryable: true,
    logLevel: "error",
  },
} as const satisfies Record<string, ErrorPolicy>;

export type ErrorCode = keyof typeof ERROR_POLICY;

/** The one error class. `message` is safe to show to whoever caused it: no secret, no other person's text. */
export class AppError extends Error {
  readonly code: ErrorCode;
  /** How long whoever refused asks us to wait before the next try. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; retryAfterMs?: number | undefined } = {},
  ) {
    super(message, options);
    this.name = "AppError";
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The same error if it is ours, else `internal` with the original as cause; its text is for the log only. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError("internal", ERROR_POLICY.internal.reply, { cause: error });
}

/** One line that tells what happened, for logs and `last_error` columns; never for a stranger. */
export function describeError(error: unknown): string {
  if (error instanceof AppError && error.code === "internal" && error.cause !== undefined) {
    return describeError(error.cause);
  }
  if (error instanceof Error) return error.message || error.name;
  return String(error);
}
