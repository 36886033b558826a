import { APICallError } from "@ai-sdk/provider";
import type { EpochMs } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";

/** What can be done about a call that failed. */
export interface Failure {
  /** No model will answer it: the request is bad. */
  readonly isFinal: boolean;
  /** This model may answer it later. */
  readonly isPassing: boolean;
  /** What the provider asked us to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** False: the provider refused the call, which costs nothing. True: it worked on it, for all we know. */
  readonly isBilled: boolean;
}

/** Of the key, the money or the name of the model: another one may answer, this one only when somebody mends that. */
const NOT_OF_US = [401, 402, 403, 404];
/** Of what is too much, or too early, at this moment. */
const NOT_NOW = [408, 409, 425, 429];
/** No connection: nothing was sent. */
const NOT_SENT = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"];

/** `hasBegun`: something of an answer had come. */
export function judgeFailure(error: unknown, hasBegun: boolean, now: EpochMs): Failure {
  const isRefused = APICallError.isInstance(error) && error.statusCode !== undefined;
  if (!isRefused) {
    const isBilled = hasBegun || !isNotSent(error);
    return { isFinal: false, isPassing: true, retryAfterMs: undefined, isBilled };
  }
  const status = error.statusCode ?? 0;
  const isPassing = status >= 500 || NOT_NOW.includes(status);
  return {
    isFinal: !isPassing && !NOT_OF_US.includes(status),
    isPassing,
    retryAfterMs: readRetryAfter(error.responseHeaders, now),
    isBilled: hasBegun,
  };
}

/** The causes of an error are searched too: the libraries wrap them. */
function isNotSent(error: unknown): boolean {
  for (let one = error, depth = 0; one instanceof Error && depth < 5; one = one.cause, depth += 1) {
    if (one instanceof AppError) continue;
    if ("code" in one && NOT_SENT.includes(String(one.code))) return true;
  }
  return false;
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
