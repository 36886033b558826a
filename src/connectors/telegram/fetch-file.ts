import type { FetchResult, TakeBytes } from "../../core/message/inbound-file.ts";
import { TransportError } from "./api-fetch.ts";
import type { BytesAnswer } from "./fetch-bytes.ts";
import type { TelegramApi } from "./telegram-api.ts";
import type { TelegramFailure } from "./telegram-failure.ts";

const ASK_TIMEOUT_MS = 30_000;
/** 20 MB at 70 KB a second. */
const FETCH_TIMEOUT_MS = 5 * 60_000;
/** Telegram says the same of an id it does not know and of a file it cannot reach now. */
const PERHAPS_LATER = /temporarily unavailable/i;

interface Found {
  readonly path: string;
  readonly sizeBytes: number | undefined;
}

/** Asks Telegram where a file is and reads it. Throws only what `take` throws, and when `signal` aborts. */
export async function fetchFile(
  api: TelegramApi,
  fileId: string,
  take: TakeBytes,
  signal: AbortSignal,
): Promise<FetchResult> {
  const asked = await api.call(
    (raw, limited) => raw.getFile({ file_id: fileId }, limited),
    ASK_TIMEOUT_MS,
    signal,
  );
  signal.throwIfAborted();
  if (!asked.ok) return sortFailure(asked.failure);
  const found = readFound(asked.value);
  if (found === undefined) {
    const error = "The Bot API server names no path of the file that it gives out over HTTP.";
    return { kind: "never", reason: "unreachable", error };
  }
  try {
    return sortAnswer(await api.fetchBytes(found.path, take, FETCH_TIMEOUT_MS, signal), found);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TransportError)) throw error;
    return again(`Telegram did not send the file whole (${error.message}).`);
  }
}

/** Servers that run with `--local` name a path of their own disk: that is nothing to be fetched. */
function readFound(value: { readonly file_path?: unknown; readonly file_size?: unknown }) {
  const { file_path: path, file_size: size } = value ?? {};
  if (typeof path !== "string" || !/^[^/\\]/.test(path)) return undefined;
  if (path.split(/[/\\]/).some((name) => name === "" || name === "." || name === "..")) {
    return undefined;
  }
  return { path, sizeBytes: typeof size === "number" ? size : undefined } satisfies Found;
}

function sortAnswer({ status, sizeBytes, retryAfterMs }: BytesAnswer, found: Found): FetchResult {
  if (status === 429) {
    return { ...again("Telegram asks to wait (429)."), retryAfterMs: retryAfterMs ?? 1_000 };
  }
  // What it said a moment ago is no longer so, or something between us has answered.
  if (status !== 200) return again(`Telegram answered ${status} instead of the file.`);
  if (found.sizeBytes !== undefined && found.sizeBytes !== sizeBytes) {
    return again(`Telegram sent ${sizeBytes} bytes of ${found.sizeBytes}.`);
  }
  return { kind: "whole" };
}

function sortFailure(failure: TelegramFailure): FetchResult {
  const error = failure.text;
  switch (failure.kind) {
    case "flood":
      return { kind: "again", error, retryAfterMs: failure.retryAfterMs };
    // Said of nothing else here: the file is too big.
    case "bad_format":
      return { kind: "never", reason: "too_large", error };
    case "refused":
      return failure.status === 404 || PERHAPS_LATER.test(error)
        ? again(error)
        : { kind: "never", reason: "gone", error };
    case "unauthorized":
    case "unreachable":
    case "uncertain":
    case "conflict":
    case "migrated":
      return again(error);
  }
}

function again(error: string): FetchResult & { kind: "again" } {
  return { kind: "again", error };
}
