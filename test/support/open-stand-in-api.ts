import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { API_HEADER, API_VERSION } from "../../src/client/api-header.ts";

const TOKEN = "owner-key-for-this-test";

/** A request as it came. */
export interface Seen {
  readonly call: string;
  readonly key: string | undefined;
  readonly body: Record<string, unknown>;
}
type Answer = readonly [status: number, body: unknown];

export interface StandInApi {
  readonly url: string;
  /** The only key it takes. */
  readonly token: string;
  readonly seen: readonly Seen[];
  close(): Promise<void>;
}

/** A server that answers as the HTTP API does, for commands run in `cwd`: it leaves address and key in `cwd/data`. */
export async function openStandInApi(
  cwd: string,
  answer: (seen: Seen) => Answer,
): Promise<StandInApi> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const key = request.headers.authorization?.replace("Bearer ", "");
    const one = { call: `${request.method} ${request.url}`, key, body: await readBody(request) };
    seen.push(one);
    const [status, body] =
      key === TOKEN ? answer(one) : [401, { error: "This needs a key.", code: "unauthenticated" }];
    response
      .writeHead(status, { "content-type": "application/json", [API_HEADER]: API_VERSION })
      .end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  mkdirSync(join(cwd, "data"));
  writeFileSync(join(cwd, "data/address"), `${url}\n`);
  writeFileSync(join(cwd, "data/admin-token"), `${TOKEN}\n`, { mode: 0o600 });
  return {
    url,
    token: TOKEN,
    seen,
    async close() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}
