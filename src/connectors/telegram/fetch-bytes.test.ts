import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { TransportError } from "./api-fetch.ts";
import { fetchBytes } from "./fetch-bytes.ts";

const SECRET = "canary-of-a-token";
const { signal } = new AbortController();

let server: Server;
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** An address at which this is answered; what it leads to is a secret. */
async function serve(answer: RequestListener): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/${SECRET}`;
}

function collect() {
  const pieces: Uint8Array[] = [];
  return {
    take: async (bytes: Uint8Array) => void pieces.push(bytes),
    text: () => Buffer.concat(pieces).toString(),
  };
}

async function failureOf(work: Promise<unknown>): Promise<TransportError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TransportError);
  expect(String(error)).not.toContain(SECRET);
  return error as TransportError;
}

test("hands over what comes, in order, and says how much it was", async () => {
  const url = await serve((_, response) => {
    response.write("one ");
    response.end("two");
  });
  const { take, text } = collect();
  expect(await fetchBytes(url, take, signal)).toEqual({
    status: 200,
    sizeBytes: 7,
    retryAfterMs: undefined,
  });
  expect(text()).toBe("one two");
});

test.each<[string, RequestListener]>([
  ["cut before the answer", (request) => void request.socket.destroy()],
  [
    "shorter than it says",
    (request, response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("half", () => request.socket.end());
    },
  ],
  [
    "cut between its chunks",
    (request, response) => void response.write("half", () => request.socket.resetAndDestroy()),
  ],
])("is no file: %s", async (_, answer) => {
  await failureOf(fetchBytes(await serve(answer), async () => undefined, signal));
});

test("follows no redirect", async () => {
  const url = await serve((_, response) => void response.writeHead(302, { location: "/" }).end());
  const { take, text } = collect();
  expect(await fetchBytes(url, take, signal)).toMatchObject({ status: 302, sizeBytes: 0 });
  expect(text()).toBe("");
});

test.each([
  ['{"parameters":{"retry_after":7}}', {}, 7_000],
  ["", { "retry-after": "3" }, 3_000],
  ["slow down", {}, undefined],
])("a 429 that says %j", async (body, headers, retryAfterMs) => {
  const url = await serve((_, response) => void response.writeHead(429, headers).end(body));
  const { take, text } = collect();
  expect(await fetchBytes(url, take, signal)).toEqual({ status: 429, sizeBytes: 0, retryAfterMs });
  expect(text()).toBe("");
});

test("what cannot be taken ends it, and is what went wrong", async () => {
  const full = new Error("no space left on device");
  let isGone: (() => void) | undefined;
  const gone = new Promise<void>((resolve) => (isGone = resolve));
  const url = await serve((request, response) => {
    request.socket.on("close", () => isGone?.());
    response.write(Buffer.alloc(64 * 1_024));
  });
  await expect(fetchBytes(url, () => Promise.reject(full), signal)).rejects.toBe(full);
  await gone;
});

test("ends when it is told to, and where nobody listens", async () => {
  const stop = new AbortController();
  const url = await serve(() => stop.abort());
  await failureOf(fetchBytes(url, async () => undefined, stop.signal));
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await failureOf(fetchBytes(url, async () => undefined, signal));
  server = createServer().listen(0);
});
