import { type IncomingMessage, type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";

/** What became of a request, as surely as the connection tells. */
export type Posted =
  | { readonly kind: "answered"; readonly status: number; readonly retryAfter: string | undefined }
  /** No complete answer. `isWritten` is false when certainly nothing of the request has left. */
  | { readonly kind: "failed"; readonly isWritten: boolean; readonly error: string };

export interface JsonPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const LONGEST_ANSWER_BYTES = 64 * 1024;

/**
 * Posts once, on a connection of its own: an old one that is just closing would leave doubt. Follows no redirect; never
 * throws.
 */
export function postJson(post: JsonPost, signal: AbortSignal): Promise<Posted> {
  const isTls = post.url.startsWith("https:");
  const text = JSON.stringify(post.body);
  const options: RequestOptions = {
    method: "POST",
    agent: false,
    signal,
    headers: {
      ...post.headers,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(text),
    },
  };
  return new Promise((resolve) => {
    let isWritten = false;
    let isAnswered = false;
    const fail = (error: unknown): void => {
      if (!isAnswered) resolve({ kind: "failed", isWritten, error: describe(error) });
    };
    const request = (isTls ? requestHttps : requestHttp)(post.url, options);
    request.on("socket", (socket) => {
      socket.once(isTls ? "secureConnect" : "connect", () => (isWritten = true));
    });
    request.on("error", fail);
    request.on("response", (response) => {
      isAnswered = true;
      skipBody(response);
      const { statusCode: status = 0, headers } = response;
      response.on("close", () =>
        resolve({ kind: "answered", status, retryAfter: headers["retry-after"] }),
      );
    });
    request.end(text);
  });
}

/** The status is the answer; of the rest nothing is kept. */
function skipBody(response: IncomingMessage): void {
  let size = 0;
  response.on("error", () => undefined);
  response.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > LONGEST_ANSWER_BYTES) response.destroy();
  });
}

function describe(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (name === "AbortError") return "no answer in time";
  return String(code ?? name ?? "unknown error");
}
