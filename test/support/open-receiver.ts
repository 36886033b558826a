import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came. */
interface Published {
  readonly path: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: Readonly<Record<string, unknown>>;
}

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** Who listens at a publish URL: it keeps what it is told, and answers as the script says, then 204. */
export async function openReceiver(...script: Answer[]) {
  const published: Published[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    published.push({
      path: request.url,
      headers: request.headers,
      body: JSON.parse(text) as Readonly<Record<string, unknown>>,
    });
    const answer = script.shift() ?? status(204);
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/`,
    published,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type Receiver = Awaited<ReturnType<typeof openReceiver>>;

export function status(code: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => void response.writeHead(code, headers).end("so be it");
}

/** Reads the request and cuts the connection. */
export const cut: Answer = (_response, request) => void request.socket.destroy();

/** Reads the request and says nothing. */
export const silent: Answer = () => undefined;
