import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { FetchLike, Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { AppError } from "../../core/errors.ts";
import type { EndingTransport } from "./ending-transport.ts";

/** Of one answer. */
const LARGEST_ANSWER = 8_000_000;

/** Speaks to the address that the operator has listed, and to nothing else. */
export function createHttpTransport(
  endpoint: string,
  headers: Readonly<Record<string, string>>,
): EndingTransport {
  const url = new URL(endpoint);
  const transport = new StreamableHTTPClientTransport(url, {
    fetch: fetchWithin(url.origin),
    requestInit: { headers },
    // Its own attempts obey how soon the server wants them: there would be no end of them. Calls find out what is lost.
    reconnectionOptions: {
      maxRetries: 0,
      initialReconnectionDelay: 1_000,
      maxReconnectionDelay: 1_000,
      reconnectionDelayGrowFactor: 1,
    },
  });
  return Object.assign(transport as Transport, { why: () => undefined });
}

/** Sends to one origin only, follows no redirect, and reads so much and no more. */
function fetchWithin(origin: string): FetchLike {
  return async (target, init) => {
    if (new URL(target).origin !== origin)
      throw new AppError("access_denied", "It leads to another address than the listed one.");
    const response = await fetch(target, { ...init, redirect: "manual" });
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw new AppError(
        "access_denied",
        "It redirects, which is not followed. Put the address it means into servers.json.",
      );
    }
    return bounded(response);
  };
}

function bounded(response: Response): Response {
  if (response.body === null) return response;
  let bytes = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes > LARGEST_ANSWER) controller.error(new AppError("too_large", "too long"));
        else controller.enqueue(chunk);
      },
    }),
  );
  return new Response(counted, response);
}
