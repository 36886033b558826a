import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import type { Readable } from "node:stream";

/** A call that got no answer of the Bot API. Its text never holds the address, which holds the token. */
export class TransportError extends Error {
  /** False: the request was certainly never written. */
  readonly written: boolean;
  /** The status that came with an answer nobody could read. */
  readonly status: number | undefined;

  constructor(message: string, written: boolean, status?: number) {
    super(message);
    this.name = "TransportError";
    this.written = written;
    this.status = status;
  }
}

interface Call {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable;
  readonly signal: AbortSignal;
}

export interface ApiFetch {
  (url: string | URL, call: Call): Promise<{ json(): Promise<unknown> }>;
  /** Ends the idle connections. */
  close(): void;
}

const LONGEST_ANSWER_BYTES = 32 * 1024 * 1024;
/** Shorter than servers keep an idle connection, so that a request seldom meets one that is just closing. */
const IDLE_MS = 15_000;

/**
 * HTTP for grammy that knows what delivery must know: whether a failed request can have been written.
 * No redirects, no compression; connections are kept open.
 */
export function createApiFetch(apiBase: string): ApiFetch {
  const isTls = apiBase.startsWith("https:");
  const options = { keepAlive: true, timeout: IDLE_MS };
  const agent = isTls ? new HttpsAgent(options) : new HttpAgent(options);
  const openRequest = isTls ? requestHttps : requestHttp;
  const connectedEvent = isTls ? "secureConnect" : "connect";

  const apiFetch = (url: string | URL, call: Call) =>
    new Promise<{ json(): Promise<unknown> }>((resolve, reject) => {
      let written = false;
      const fail = (error: unknown): void => reject(describeFailure(error, written));
      const isText = typeof call.body === "string";
      const length = isText ? { "content-length": Buffer.byteLength(call.body) } : {};
      const request = openRequest(url, {
        agent,
        method: call.method,
        headers: { ...call.headers, ...length },
        signal: call.signal,
      });
      request.on("socket", (socket) => {
        if (!socket.connecting) written = true;
        else socket.once(connectedEvent, () => (written = true));
      });
      request.on("error", fail);
      request.on("response", (response) => {
        readText(response)
          .then((text) => resolve(parseAnswer(text, response)), fail)
          .catch(reject);
      });
      if (isText) request.end(call.body);
      else (call.body as Readable).on("error", fail).pipe(request);
    }).catch((error: unknown) => {
      throw error instanceof TransportError ? error : describeFailure(error, false);
    });

  return Object.assign(apiFetch, { close: () => agent.destroy() });
}

/** Any failure of a request, without its address. */
export function describeFailure(error: unknown, written: boolean): TransportError {
  if (error instanceof TransportError) return error;
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  const reason =
    name === "AbortError" ? "no answer in time" : String(code ?? name ?? "unknown error");
  return new TransportError(reason, written);
}

function readText(response: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > LONGEST_ANSWER_BYTES)
        response.destroy(new TransportError("the answer is too long", true));
    });
    response.on("end", () => resolve(Buffer.concat(chunks).toString()));
    response.on("error", reject);
    // A connection cut in the middle of an answer may end without an error.
    response.on("close", () => {
      if (!response.complete) reject(new TransportError("ECONNRESET", true));
    });
  });
}

function parseAnswer(text: string, response: IncomingMessage): { json(): Promise<unknown> } {
  const status = response.statusCode ?? 0;
  const answer = parseObject(text);
  if (typeof answer?.["ok"] !== "boolean") {
    throw new TransportError(
      `status ${status} with an answer that is not of the Bot API`,
      true,
      status,
    );
  }
  if (answer["ok"] === false && typeof answer["error_code"] !== "number")
    answer["error_code"] = status;
  return { json: () => Promise.resolve(answer) };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
