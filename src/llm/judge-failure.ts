import { APICallError } from "@ai-sdk/provider";
import type { EpochMs } from "../core/clock.ts";
import { AppError, ERROR_POLICY } from "../core/errors.ts";

/** What can be done about a call that failed. */
export interface Failure {
  readonly trouble: Trouble;
  /** What the provider answered with, or why it could not be asked: `401`, `ECONNREFUSED`. */
  readonly sign: string | undefined;
  /** No model will answer it: the request is bad. */
  readonly isFinal: boolean;
  /** This model may answer it later. */
  readonly isPassing: boolean;
  /** What the provider asked us to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** False: the provider refused the call, which costs nothing. True: it worked on it, for all we know. */
  readonly isBilled: boolean;
}

/**
 * The `key`, the `money`, the `name` or the address (`moved`) of the model: another one may answer, this one only when
 * somebody mends that. `busy`, `faulty`, `unreachable`, `broken-off`, `silent`: of this moment. `request`: nothing helps.
 */
export type Trouble =
  | "key"
  | "money"
  | "name"
  | "busy"
  | "faulty"
  | "unreachable"
  | "broken-off"
  | "silent"
  | "moved"
  | "request";

const NOT_OF_US: readonly Trouble[] = ["key", "money", "name", "moved"];
const BY_STATUS: Readonly<Record<number, Trouble>> = {
  401: "key",
  402: "money",
  403: "key",
  404: "name",
  408: "faulty",
  409: "busy",
  425: "busy",
  429: "busy",
};
/** What vendors say with a status that means something else to the others. */
const BY_WORDS: readonly (readonly [RegExp, Trouble])[] = [
  [/"insufficient_quota"/, "money"],
  [/credit balance is too low/i, "money"],
  [/"API_KEY_INVALID"/, "key"],
];
/** No connection: nothing was sent. */
const NOT_SENT = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"];

/** `hasBegun`: something of an answer had come. */
export function judgeFailure(error: unknown, hasBegun: boolean, now: EpochMs): Failure {
  const status = APICallError.isInstance(error) ? error.statusCode : undefined;
  if (!APICallError.isInstance(error) || status === undefined || isTaken(status)) {
    const sign = notSentBecause(error);
    const isBilled = hasBegun || sign === undefined;
    const isFinal = error instanceof AppError && !ERROR_POLICY[error.code].retryable;
    const trouble = isFinal ? "request" : troubleOf(error, hasBegun, sign);
    return { trouble, sign, isFinal, isPassing: !isFinal, retryAfterMs: undefined, isBilled };
  }
  const trouble = troubleOfStatus(status, error.responseBody ?? "");
  return {
    trouble,
    sign: String(status),
    isFinal: trouble === "request",
    isPassing: trouble !== "request" && !NOT_OF_US.includes(trouble),
    retryAfterMs: readRetryAfter(error.responseHeaders, now),
    isBilled: hasBegun,
  };
}

/** The request was: a connection that is cut before the first piece of the answer fails with it. */
function isTaken(status: number): boolean {
  return status < 300;
}

function troubleOfStatus(status: number, body: string): Trouble {
  const told = BY_WORDS.find(([words]) => status < 500 && words.test(body));
  if (told !== undefined) return told[1];
  if (status >= 500) return "faulty";
  if (status >= 300 && status < 400) return "moved";
  return BY_STATUS[status] ?? "request";
}

function troubleOf(error: unknown, hasBegun: boolean, code: string | undefined): Trouble {
  if (error instanceof AppError) return "silent";
  return code !== undefined && !hasBegun ? "unreachable" : "broken-off";
}

/** The causes of an error are searched too: the libraries wrap them. */
function notSentBecause(error: unknown): string | undefined {
  for (let one = error, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth += 1) {
    if (one instanceof AppError) continue;
    if ("code" in one && NOT_SENT.includes(String(one.code))) return String(one.code);
  }
  return undefined;
}

/** In seconds, or as the date of its end, as proxies give it. */
function readRetryAfter(
  headers: Record<string, string> | undefined,
  now: EpochMs,
): number | undefined {
  const inMs = Number(headers?.["retry-after-ms"]);
  if (inMs > 0) return inMs;
  const given = headers?.["retry-after"] ?? "";
  const inSeconds = Number(given);
  const waitMs = Number.isNaN(inSeconds) ? Date.parse(given) - now : inSeconds * 1_000;
  return waitMs > 0 ? waitMs : undefined;
}
