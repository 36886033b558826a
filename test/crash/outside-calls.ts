import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request as openRequest,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import type { Side } from "./seams.ts";

/** Told before a call is handled and after it was, before its answer. True: the caller is dead by now. */
type OnPass = (seam: string, side: Side) => Promise<boolean>;

export interface OutsideCalls {
  readonly url: string;
  close(): Promise<void>;
}

/** Stands before a Bot API server and makes a seam of every call of it. */
export async function openOutsideCalls(port: number, onPass: OnPass): Promise<OutsideCalls> {
  const server = createServer((request, response) => {
    void relay(port, request, response, onPass).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => closeServer(server),
  };
}

async function relay(
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
  onPass: OnPass,
): Promise<void> {
  const seam = `outside ${/([^/?]+)(?:\?.*)?$/.exec(request.url ?? "")?.[1] ?? "?"}`;
  const body = await readAll(request);
  if (await onPass(seam, "before")) {
    response.destroy();
    return;
  }
  const { url: path, method, headers } = request;
  const onward = openRequest({ host: "127.0.0.1", port, path, method, headers, agent: false });
  // A caller that died no longer polls.
  response.on("close", () => onward.destroy());
  const answer = await send(onward, body);
  const text = await readAll(answer);
  if (await onPass(seam, "after")) {
    response.destroy();
    return;
  }
  response.writeHead(answer.statusCode ?? 500, {
    "content-type": "application/json",
    "content-length": text.length,
  });
  response.end(text);
}

function send(request: ClientRequest, body: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("error", reject);
    request.once("response", resolve);
    request.end(body);
  });
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
