import { ApiError } from "./api-error.ts";

const REQUEST_TIMEOUT_MS = 30_000;
const UNREACHABLE = "The runtime does not answer.";

interface RequestOptions {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

/** One request to the runtime with the page's cookie. @throws ApiError, or `signal.reason` when it aborts. */
export async function request(path: string, options: RequestOptions): Promise<unknown> {
  const { method = "GET", body, signal } = options;
  const init: RequestInit = {
    method,
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
  };
  if (body !== undefined) {
    init.headers = { "content-type": "application/json" };
    init.body = JSON.stringify(body);
  }
  try {
    const response = await fetch(path, init);
    const answer = await readJson(response);
    if (!response.ok) throw errorFrom(response.status, answer);
    return answer;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof ApiError) throw error;
    // biome-ignore lint/style/useErrorCause: the cause is passed, after two arguments of our own
    throw new ApiError("unreachable", 0, UNREACHABLE, { cause: error });
  }
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorFrom(status: number, answer: unknown): ApiError {
  const { error, code } = (answer ?? {}) as { error?: unknown; code?: unknown };
  return new ApiError(
    typeof code === "string" ? code : "internal",
    status,
    typeof error === "string" && error !== ""
      ? error
      : `The runtime answered with status ${status}.`,
  );
}
