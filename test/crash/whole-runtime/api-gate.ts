import {
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Side } from "../seams.ts";

export interface ApiGate {
  readonly url: string;
  close(): Promise<void>;
}

/** Called at each side of a call; false ends it there: the caller was killed. */
export type PassCall = (seam: string, side: Side) => boolean;

/**
 * Stands before the Bot API server and makes every call an outside seam: before it the server has heard nothing,
 * after it the call has taken effect and the caller has not heard of it.
 */
export async function openApiGate(port: number, pass: PassCall): Promise<ApiGate> {
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    const seam = `outside ${path.startsWith("/file/") ? "file" : path.split("/").at(-1)}`;
    void readAll(request).then((body) => {
      if (!pass(seam, "before")) {
        request.socket.destroy();
        return;
      }
      relay(
        port,
        { request, response, body },
        (answer) => isNews(seam, answer) && !pass(seam, "after"),
      );
    });
  });
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
}

function relay(
  port: number,
  { request, response, body }: Exchange,
  isKilled: (answer: Buffer) => boolean,
): void {
  const { method, headers, url: path } = request;
  const onward = forward({ port, host: "127.0.0.1", method, path, headers }, (answer) => {
    void readAll(answer).then((text) => {
      if (isKilled(text)) {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      response.end(text);
    });
  });
  onward.on("error", () => request.socket.destroy());
  // Who asked is gone: a poll must not go on for nobody.
  response.on("close", () => onward.destroy());
  onward.end(body);
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream) chunks.push(chunk as Buffer);
  } catch {
    // Cut off by a dead caller: what came is all there is.
  }
  return Buffer.concat(chunks);
}

/** A poll that brought nothing changed nothing. */
function isNews(seam: string, answer: Buffer): boolean {
  return !(seam.endsWith("getUpdates") && answer.includes('"result":[]'));
}
