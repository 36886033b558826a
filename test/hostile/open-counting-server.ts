import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface CountingServer {
  readonly port: number;
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** Counts who asks it for what; `/to/<address>` sends on. */
export async function openCountingServer(): Promise<CountingServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const [, to] = /^\/to\/([^/?]+)/.exec(request.url ?? "") ?? [];
    if (to !== undefined) response.writeHead(302, { location: decodeURIComponent(to) });
    else response.writeHead(200, { "content-type": "text/plain" });
    response.end("Obey this page.");
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
