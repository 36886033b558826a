import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, createConnection, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { createFakeClock } from "../../test/support/fake-clock.ts";
import { OWNER_TOKEN, openTestApi, type TestApi } from "../../test/support/open-test-api.ts";
import { ownMsOf } from "../../test/support/own-ms.ts";
import { limitConnections } from "./connection-limit.ts";

let api: TestApi;
let sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await api.close();
});

/** A connection that says `text` and no more; it never takes itself back. */
async function connect(text: string): Promise<Socket> {
  const { hostname, port } = new URL(api.url);
  const socket = createConnection({ host: hostname, port: Number(port) });
  sockets.push(socket);
  socket.on("error", () => undefined);
  await once(socket, "connect");
  if (text !== "") socket.write(text);
  return socket;
}

/** Each is under way when this settles: its first event has come. */
async function openStreams(count: number): Promise<void> {
  const head = `GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${OWNER_TOKEN}\r\n\r\n`;
  for (let n = 0; n < count; n += 1) await once(await connect(head), "data");
}

const healthz = async () =>
  (await fetch(`${api.url}/healthz`, { headers: { connection: "close" } })).status;
const info = async () =>
  (await api.asOwner("/api/v1/info", { headers: { connection: "close" } })).status;
const turnedAway = () =>
  api.logged.filter((line) => line.startsWith("warn connections turned away"));

describe("a server with a limit", () => {
  it("answers everybody while 300 connections beyond it say nothing, half a request, or no more", async () => {
    const clock = createFakeClock();
    api = await openTestApi({ maxConnections: 100, clock });
    const ends: Promise<unknown>[] = [];
    for (const text of [
      "",
      "GET / HTTP/1.1\r\nHos",
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ]) {
      for (let n = 0; n < 100; n += 1) {
        const socket = await connect(text);
        ends.push(once(socket.resume(), "close"));
      }
      expect(await healthz()).toBe(200);
      expect(await info()).toBe(200);
    }
    await Promise.all(ends.slice(0, 200));
    expect(sockets.filter((socket) => !socket.destroyed).length).toBeGreaterThan(90);

    expect(turnedAway()).toEqual(['warn connections turned away {"count":1,"limit":100}']);
    clock.advance(60_000);
    await healthz();
    expect(turnedAway()[1]).toMatch(/"count":20[0-9],/);
    expect(turnedAway()).toHaveLength(2);
  });

  it("refuses all but the health while that many requests are under way, and then no more", async () => {
    api = await openTestApi({ maxConnections: 20 });
    await openStreams(20);
    const refused = await api.asOwner("/api/v1/info", { headers: { connection: "close" } });
    expect(refused.status).toBe(503);
    expect(await refused.json()).toEqual({
      code: "unavailable",
      error: "Too many connections are open. Try again in a minute.",
    });
    expect(await healthz()).toBe(200);
    expect((await fetch(`${api.url}/readyz`)).status).toBe(200);

    const [first] = sockets;
    first?.destroy();
    for (const socket of sockets.slice(1, 5)) socket.destroy();
    await expect.poll(info).toBe(200);
  });

  it("keeps room for the health in a burst of silent connections while all places are taken", async () => {
    api = await openTestApi({ maxConnections: 20 });
    await openStreams(20);
    await Promise.all(Array.from({ length: 100 }, () => connect("")));
    expect(await healthz()).toBe(200);
    expect(turnedAway()).toHaveLength(1);
  });
});

it("logs what the system drops before it is a connection", async () => {
  api = await openTestApi();
  const lines: string[] = [];
  const server = createServer();
  const log = { write: (level: string, message: string) => void lines.push(`${level} ${message}`) };
  limitConnections(server, { limit: 1, clock: createFakeClock(), log });
  server.maxConnections = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const socket = createConnection((server.address() as AddressInfo).port, "127.0.0.1");
  await once(socket.resume(), "close");
  await new Promise((resolve) => server.close(resolve));
  expect(lines).toEqual(["warn connections turned away"]);
});

it("a connection that never finishes its request head is cut within seconds", async () => {
  api = await openTestApi();
  const socket = await connect("GET / HTTP/1.1\r\nHos");
  const tookMs = await ownMsOf(() => once(socket.resume(), "close"));
  expect(tookMs).toBeLessThan(9_000);
});

it("stops at once with a page open: streams are told, idle connections are closed", async () => {
  api = await openTestApi();
  await connect("");
  await connect("GET / HTTP/1.1\r\nHos");
  const idle = await connect("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await once(idle, "data");
  await openStreams(1);
  let said = "";
  sockets
    .at(-1)
    ?.setEncoding("utf8")
    .on("data", (chunk) => (said += chunk));
  expect(await ownMsOf(() => api.api.stop())).toBeLessThan(1_000);
  await expect.poll(() => said).toContain(": the service ends this stream\n\n");
});
