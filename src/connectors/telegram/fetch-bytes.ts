import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { TakeBytes } from "../../core/message/inbound-file.ts";
import { describeFailure, TransportError } from "./api-fetch.ts";

/** A server that sends nothing for so long is not going to. */
const SILENCE_MS = 30_000;

/** A refusal is short; what is longer is not read. */
const LONGEST_REFUSAL = 4_096;

export interface BytesAnswer {
  readonly status: number;
  /** Handed over; 0 unless the status is 200. */
  readonly sizeBytes: number;
  /** What a 429 asks for. */
  readonly retryAfterMs: number | undefined;
}

/**
 * Reads what is at an address, piece by piece and no faster than it is taken. No redirects, no compression. What `take`
 * throws is thrown on. @throws TransportError when it did not come whole; its text never holds the address.
 */
export async function fetchBytes(
  url: string,
  take: TakeBytes,
  signal: AbortSignal,
): Promise<BytesAnswer> {
  const response = await open(url, signal);
  try {
    const status = response.statusCode ?? 0;
    if (status === 200) {
      return { status, sizeBytes: await handOver(response, take), retryAfterMs: undefined };
    }
    const retryAfterMs = status === 429 ? await readPatience(response) : undefined;
    return { status, sizeBytes: 0, retryAfterMs };
  } finally {
    response.destroy();
  }
}

function open(url: string, signal: AbortSignal): Promise<IncomingMessage> {
  const send = url.startsWith("https:") ? requestHttps : requestHttp;
  return new Promise<IncomingMessage>((resolve, reject) => {
    const request = send(url, { agent: false, signal, timeout: SILENCE_MS }, resolve);
    request.on("timeout", () => request.destroy(new TransportError("silence", true)));
    request.on("error", reject);
    request.end();
  }).catch((error: unknown) => {
    throw describeFailure(error, true);
  });
}

async function handOver(response: IncomingMessage, take: TakeBytes): Promise<number> {
  const pieces = response[Symbol.asyncIterator]();
  let sizeBytes = 0;
  for (;;) {
    const next = await pieces.next().catch((error: unknown) => {
      throw describeFailure(error, true);
    });
    if (next.done === true) break;
    const piece = next.value as Buffer;
    sizeBytes += piece.length;
    await take(piece);
  }
  if (!response.complete) throw new TransportError("ECONNRESET", true);
  return sizeBytes;
}

/** As the Bot API says it, in the answer or in a header. */
async function readPatience(response: IncomingMessage): Promise<number | undefined> {
  let text = "";
  await handOver(response, async (bytes) => {
    if (text.length < LONGEST_REFUSAL) text += Buffer.from(bytes).toString("latin1");
  });
  const said = /"retry_after"\s*:\s*(\d{1,6})/.exec(text)?.[1];
  const seconds = Number(said ?? response.headers["retry-after"]);
  return seconds > 0 ? seconds * 1_000 : undefined;
}
