import { AppError, ERROR_POLICY, type ErrorCode } from "../core/errors.ts";
import { API_HEADER, API_VERSION } from "./api-header.ts";

const DEFAULT_TIMEOUT_MS = 30_000;

export interface RuntimeClientOptions {
  /** `http://127.0.0.1:8080`, with or without a slash at the end. */
  readonly baseUrl: string;
  /** The admin token; absent in the page, which has its cookie. */
  readonly token?: string;
  readonly timeoutMs?: number;
}

interface Call {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/** How the API is called, whatever is asked. */
export function createCalls(options: RuntimeClientOptions) {
  const call = <T>(request: Call): Promise<T> => callApi<T>(options, request);
  return {
    call,
    get: <T>(
      path: string,
      query: Readonly<Record<string, unknown>>,
      signal?: AbortSignal,
    ): Promise<T> => call<T>({ method: "GET", path, query, signal }),
    post: <T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> =>
      call<T>({ method: "POST", path, body, signal }),
  };
}

async function callApi<T>(options: RuntimeClientOptions, call: Call): Promise<T> {
  const timeout = AbortSignal.timeout(call.timeoutMs ?? options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const signal = call.signal === undefined ? timeout : AbortSignal.any([call.signal, timeout]);
  try {
    const response = await fetch(urlOf(options.baseUrl, call), {
      method: call.method,
      headers: {
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...(call.body === undefined ? {} : { "content-type": "application/json" }),
        ...call.headers,
      },
      body: call.body === undefined ? null : JSON.stringify(call.body),
      signal,
    });
    const text = await response.text();
    if (!response.ok) throw errorOf(response.status, text);
    if (response.headers.get(API_HEADER) !== API_VERSION) throw notOurAnswer();
    return parseAnswer<T>(text);
  } catch (error) {
    if (error instanceof AppError) throw error;
    call.signal?.throwIfAborted();
    throw unreachable(options.baseUrl, timeout.aborted, error);
  }
}

function urlOf(baseUrl: string, call: Call): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) query.set(key, String(value));
  }
  const suffix = query.size === 0 ? "" : `?${query}`;
  return `${baseUrl.replace(/\/+$/, "")}${call.path}${suffix}`;
}

function parseAnswer<T>(text: string): T {
  return text === "" ? (undefined as T) : (JSON.parse(text) as T);
}

function notOurAnswer(): AppError {
  return new AppError("unavailable", "What answers there is not agent-runtime.");
}

function errorOf(status: number, text: string): AppError {
  const { error, code } = parseErrorBody(text);
  const known =
    code !== undefined && code in ERROR_POLICY ? (code as ErrorCode) : codeOfStatus(status);
  return new AppError(known, error ?? `The service answered with HTTP status ${status}.`);
}

function parseErrorBody(text: string): { error?: string; code?: string } {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null
      ? (body as { error?: string; code?: string })
      : {};
  } catch {
    return {};
  }
}

function codeOfStatus(status: number): ErrorCode {
  const codes = Object.keys(ERROR_POLICY) as ErrorCode[];
  return codes.find((code) => ERROR_POLICY[code].httpStatus === status) ?? "internal";
}

function unreachable(baseUrl: string, isTimeout: boolean, cause: unknown): AppError {
  const message = isTimeout
    ? `The service at ${baseUrl} did not answer in time.`
    : `No agent-runtime is running at ${baseUrl}. Start it with \`agent-runtime serve\`.`;
  return new AppError("unavailable", message, { cause });
}
