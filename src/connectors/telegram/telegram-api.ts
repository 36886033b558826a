import { Api, type RawApi } from "grammy";
import { withTimeout } from "../../core/abort.ts";
import type { Clock } from "../../core/clock.ts";
import type { TakeBytes } from "../../core/message/inbound-file.ts";
import { createApiFetch } from "./api-fetch.ts";
import { type BytesAnswer, fetchBytes } from "./fetch-bytes.ts";
import { describeTelegramFailure, type TelegramFailure } from "./telegram-failure.ts";

export type CallResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: TelegramFailure };

/** grammy names a polyfill's type, which the signal of Node satisfies in all that it uses. */
type ApiSignal = Parameters<RawApi["getMe"]>[0];

type Work<T> = (raw: RawApi, signal: ApiSignal) => Promise<T>;

/** One bot's API. What goes wrong comes back as a value; nothing is tried twice in here. */
export interface TelegramApi {
  call<T>(work: Work<T>, timeoutMs: number, signal: AbortSignal): Promise<CallResult<T>>;
  /**
   * Reads a file that `getFile` has named. Throws what `take` throws.
   * @throws TransportError when it did not come whole, or not in time.
   */
  fetchBytes(
    path: string,
    take: TakeBytes,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<BytesAnswer>;
  close(): void;
}

export function createTelegramApi(token: string, apiBase: string, clock: Clock): TelegramApi {
  const apiRoot = apiBase.replace(/\/+$/, "");
  const apiFetch = createApiFetch(apiRoot);
  // Our fetch reads only what grammy gives it: method, headers, body, signal.
  const { raw } = new Api(token, { apiRoot, fetch: apiFetch as never });

  return {
    async call(work, timeoutMs, signal) {
      try {
        const value = await withTimeout(clock, timeoutMs, signal, (limited) =>
          work(raw, limited as ApiSignal),
        );
        return { ok: true, value };
      } catch (error) {
        return { ok: false, failure: describeTelegramFailure(error, token) };
      }
    },
    fetchBytes(path, take, timeoutMs, signal) {
      const names = path.split("/").map(encodeURIComponent);
      const url = `${apiRoot}/file/bot${token}/${names.join("/")}`;
      return withTimeout(clock, timeoutMs, signal, (limited) => fetchBytes(url, take, limited));
    },
    close: () => apiFetch.close(),
  };
}
