import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { OWNER_TOKEN, openTestApi, type TestApi } from "../../test/support/open-test-api.ts";

let api: TestApi;
afterEach(() => api.close());

/** Speaks raw HTTP, because `fetch` forbids what an attacker may do. Resolves with the whole answer. */
function speak(text: string | Buffer, body?: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: hostname, port: Number(port) });
    let answer = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", (error) => (answer === "" ? reject(error) : resolve(answer)));
    socket.write(text);
    if (body !== undefined) socket.write(body);
  });
}

const get = (path: string, ...headers: string[]): Promise<string> =>
  speak([`GET ${path} HTTP/1.1`, ...headers, "Connection: close", "", ""].join("\r\n"));

describe("Host and Origin", () => {
  it.each([
    "localhost:1",
    "127.0.0.1",
    "127.0.0.2:8080",
    "[::1]:8080",
    "LOCALHOST",
    "me.example",
    "You.Example:444",
  ])("%s is this service", async (host) => {
    api = await openTestApi({ allowedHosts: ["me.example", "you.example:444"] });
    expect(await get("/healthz", `Host: ${host}`)).toContain('{"status":"ok"}');
  });

  it.each([
    "evil.example",
    "localhost.evil.example",
    "127.0.0.1.evil.example:8080",
    "you.example",
    "you.example:445",
    "localhost@evil.example",
    "[127.0.0.1.evil]",
    "198.51.100.7",
    "evil.example#localhost",
    "localhost:8080:9",
    "",
  ])("%s is refused before anything else", async (host) => {
    api = await openTestApi({ allowedHosts: ["me.example", "you.example:444"] });
    for (const path of ["/healthz", "/", "/nothing"]) {
      const answer = await get(path, `Host: ${host}`);
      expect(answer).toMatch(/^HTTP\/1.1 40[03] /);
      expect(answer).not.toContain('"ok"');
    }
  });

  it("a page of another site or another port of this machine is refused", async () => {
    api = await openTestApi();
    const { host } = new URL(api.url);
    for (const origin of [
      "https://evil.example",
      "null",
      "http://localhost:1",
      `http://${host}.evil.example`,
      "file://",
    ]) {
      const response = await api.asOwner("/api/v1/info", { headers: { origin } });
      expect(response.status).toBe(403);
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
    }
    expect((await api.asOwner("/api/v1/info", { headers: { origin: api.url } })).status).toBe(200);
  });

  it("an Origin of an allowed host may come through a proxy", async () => {
    api = await openTestApi({ allowedHosts: ["me.example"] });
    expect(
      (await api.asOwner("/api/v1/info", { headers: { origin: "https://me.example" } })).status,
    ).toBe(200);
  });
});

describe("listening", () => {
  it("refuses an address other machines can reach, unless that is allowed", async () => {
    api = await openTestApi();
    await expect(openTestApi({ address: { host: "0.0.0.0", port: 0 } })).rejects.toThrow(
      "AGENT_RUNTIME_ALLOW_REMOTE=true",
    );
    const open = await openTestApi({ address: { host: "0.0.0.0", port: 0 }, allowRemote: true });
    expect((await fetch(`${open.url}/healthz`)).status).toBe(200);
    await open.close();
  });

  it("a wildcard address is no name, unless it is allowed as one", async () => {
    const everywhere = { address: { host: "0.0.0.0", port: 0 }, allowRemote: true };
    api = await openTestApi(everywhere);
    expect(await get("/healthz", "Host: 0.0.0.0")).toMatch(/^HTTP\/1.1 403 /);
    await api.close();
    api = await openTestApi({ ...everywhere, allowedHosts: ["0.0.0.0"] });
    expect(await get("/healthz", "Host: 0.0.0.0")).toContain('{"status":"ok"}');
  });

  it("the address it was told to listen on is its own, so that the printed link works", async () => {
    api = await openTestApi({ address: { host: "127.0.0.9", port: 0 } });
    expect(api.url).toContain("//127.0.0.9:");
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
    const own = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ family, internal }) => family === "IPv4" && !internal)?.address;
    if (own === undefined) return;
    const remote = await openTestApi({ address: { host: own, port: 0 }, allowRemote: true });
    expect((await fetch(`${remote.url}/healthz`)).status).toBe(200);
    await remote.close();
  });

  it("a taken port names itself and the variable", async () => {
    api = await openTestApi();
    const port = Number(new URL(api.url).port);
    await expect(openTestApi({ address: { host: "127.0.0.1", port } })).rejects.toThrow(
      `127.0.0.1:${port} is already taken. Stop what uses it, or set AGENT_RUNTIME_HTTP_ADDR`,
    );
  });

  it("stops twice, cuts nobody who is quick, and starts again", async () => {
    api = await openTestApi();
    await api.api.stop();
    await api.api.stop();
    await expect(fetch(`${api.url}/healthz`)).rejects.toThrow();
    await api.api.start(new AbortController().signal);
    const stream = await fetch(`${api.api.url()}/api/v1/events`, {
      headers: { authorization: `Bearer ${OWNER_TOKEN}` },
    });
    expect(stream.status).toBe(200);
    await stream.body?.cancel();
  });
});

describe("the page", () => {
  it("says so when it was not built", async () => {
    api = await openTestApi();
    const response = await fetch(`${api.url}/`);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain("make build");
  });

  it("is served with types and caching, its hashed files for ever, and nothing outside it", async () => {
    const directory = mkdtempSync(join(tmpdir(), "agent-runtime-page-"));
    mkdirSync(join(directory, "web", "assets"), { recursive: true });
    writeFileSync(join(directory, "web", "index.html"), "<!doctype html>hello");
    writeFileSync(join(directory, "web", "assets", "main-abc123.js"), "run()");
    writeFileSync(join(directory, "secret.txt"), "secret");
    writeFileSync(join(directory, "web", ".hidden.txt"), "secret");
    api = await openTestApi({ pageDirectory: join(directory, "web") });
    const index = await fetch(`${api.url}/`);
    expect(await index.text()).toContain("hello");
    expect(index.headers.get("cache-control")).toBe("no-cache");
    expect(index.headers.get("content-security-policy")).toMatch(/script-src 'self'(;|$)/);
    const asset = await fetch(`${api.url}/assets/main-abc123.js`);
    expect(asset.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(asset.headers.get("cache-control")).toContain("immutable");
    for (const path of [
      "/../secret.txt",
      "/assets/../../secret.txt",
      "/..%2fsecret.txt",
      "/.hidden.txt",
      "/assets/..%5c..%5csecret.txt",
      "/%2e%2e/secret.txt",
    ]) {
      expect(await get(path, "Host: localhost")).not.toContain("secret\n");
      expect(await get(path, "Host: localhost")).not.toMatch(/^HTTP\/1.1 200/);
    }
    rmSync(directory, { recursive: true });
  });
});

describe("broken HTTP", () => {
  it.each([
    "GET /healthz\\x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "GET healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "nonsense\r\n\r\n",
    "GET /api/v1/info HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer\r\nConnection: close\r\n\r\n",
    "CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
  ])("%j is refused and the service goes on", async (text) => {
    api = await openTestApi();
    const answer = await speak(text).catch(() => "");
    expect(answer).not.toMatch(/^HTTP\/1.1 [25]/);
    expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
  });
});

it("a body that is cut off is no fault of the service: nothing about it is in the log", async () => {
  api = await openTestApi();
  const head =
    "POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  const { hostname, port } = new URL(api.url);
  await new Promise<void>((resolve) => {
    const socket = createConnection({ host: hostname, port: Number(port) }, () => {
      socket.write(`${head}Content-Length: 100\r\n\r\n{`, () => socket.resetAndDestroy());
    });
    socket.on("close", () => resolve());
  });
  const cut = await speak(`${head}Transfer-Encoding: chunked\r\n\r\n`, "zz\r\n");
  expect(cut).not.toMatch(/^HTTP\/1.1 5/);
  expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
  expect(api.logged.filter((line) => !line.startsWith("debug http request"))).toEqual([]);
});

it("an unexpected error tells the caller nothing and the log everything", async () => {
  api = await openTestApi({
    ports: {
      modelName() {
        throw new Error("password=hunter2");
      },
    },
  });
  const response = await api.asOwner("/api/v1/info");
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({
    error: expect.not.stringContaining("hunter2"),
    code: "internal",
  });
  expect(api.logged.join("\n")).toContain("hunter2");
});

it("every answer names its request as the log does, whoever asked and whatever came of it", async () => {
  api = await openTestApi({
    ports: {
      checkReadiness: async () => {
        throw new Error("the secret reason");
      },
    },
  });
  const ids: string[] = [];
  for (const path of ["/readyz", "/nothing", "/api/v1/info?secret=query"]) {
    const answer = await fetch(`${api.url}${path}`);
    const id = answer.headers.get("x-request-id") ?? "none";
    const said = `"requestId":"${id}","method":"GET","path":"${path.replace(/\?.*/u, "")}","status":${answer.status}`;
    expect(api.logged.join("\n")).toContain(said);
    ids.push(id);
  }
  expect(new Set(ids).size).toBe(3);
  const failed = api.logged.find((line) => line.includes("the secret reason"));
  expect(failed).toContain(ids[0]);
  expect(api.logged.join()).not.toContain("secret=query");
});
