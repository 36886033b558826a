import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NEVER } from "../../core/abort.ts";
import { judgeToolCall } from "../judge-call.ts";
import type { ToolScene } from "../tool.ts";
import { createToolbox } from "../toolbox.ts";
import { httpRequestTool } from "./http-request.ts";

interface Asked {
  readonly request: IncomingMessage;
  readonly body: string;
}

let server: Server;
let asked: Asked[];
let answer: (response: ServerResponse) => void;
beforeEach(async () => {
  asked = [];
  answer = (response) => response.writeHead(200, { "content-type": "application/json" }).end("{}");
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    asked.push({ request, body });
    answer(response);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
});
afterEach(() => new Promise((done) => server.close(done)));

const port = () => (server.address() as AddressInfo).port;
const here = () => `http://127.0.0.1:${port()}/api`;
const tool = () => httpRequestTool({ allowedHosts: [`127.0.0.1:${port()}`] });
const run = (input: object) =>
  tool().run(tool().input.parse({ url: here(), ...input }), {} as ToolScene, NEVER);

test("sends what it was given, and returns the answer as somebody else's words", async () => {
  const { text, taintedBy } = await run({
    method: "POST",
    headers: { "Content-Type": "text/plain", Authorization: "Bearer x" },
    body: "grün",
  });
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({
    body: "grün",
    request: { method: "POST", url: "/api", headers: { authorization: "Bearer x" } },
  });
  expect(text).toBe("HTTP 200\ncontent-type: application/json\n\n{}");
  expect(taintedBy).toBe(`the answer of ${here()}`);
});

test("tells of what went wrong at the server, and shows no cookie", async () => {
  answer = (response) =>
    response
      .writeHead(429, {
        "retry-after": "7",
        "set-cookie": "session=1",
        "content-type": "image/png",
      })
      .end(Buffer.from([1, 0, 2]));
  expect((await run({})).text).toBe(
    "HTTP 429\ncontent-type: image/png\nretry-after: 7\n\n(3 bytes that are no text)",
  );
});

test("tells no second place what was meant for the first", async () => {
  answer = (response) => response.writeHead(307, { location: `${here()}/other` }).end();
  const { text } = await run({ method: "POST", body: "x" });
  expect(text).toContain(`HTTP 307\nlocation: ${here()}/other`);
  expect(asked).toHaveLength(1);
});

test("reads no more than it says", async () => {
  answer = (response) =>
    response.writeHead(200, { "content-type": "text/plain" }).end("x".repeat(1_500_000));
  const { text } = await run({});
  expect(text).toMatch(/\(Only the first 1000000 bytes were read\.\)$/);
});

test("says why a header cannot be sent", () => {
  const of = (headers: object) => {
    const facts = { preset: "sensitive-only", role: "admin", isTainted: false } as const;
    const call = { tool: "http_request", input: { url: here(), headers } };
    const judged = judgeToolCall(createToolbox([tool()]), call, {
      ...facts,
      isGivenAddress: () => false,
    });
    return judged.kind === "refuse" ? judged.text : judged.kind;
  };
  const told = "http_request cannot take these arguments. headers.";
  expect(of({ Host: "x" })).toBe(`${told}Host: this header is not for you to set`);
  expect(of({ "x y": "x" })).toBe(`${told}x y: a header has no such name`);
  expect(of({ "x-a": "\u00fc" })).toBe(`${told}x-a: visible ASCII only`);
});

test("tells of what broke off whether it may have been done", async () => {
  answer = (response) => response.destroy();
  const doubt = "Whether it was done all the same is not known: do not simply repeat it.";
  await expect(run({ method: "POST" })).rejects.toThrow(doubt);
  await expect(run({})).rejects.toThrow(/does not answer \(\w+\)\.$/);
  answer = (response) => {
    response.writeHead(200, { "content-length": "9" });
    response.write("x");
    response.socket?.end();
  };
  await expect(run({ method: "POST" })).rejects.toThrow(`broke off its answer. ${doubt}`);
  await expect(run({})).rejects.toThrow(/broke off its answer\.$/);
  const gone = { ask: tool(), input: tool().input.parse({ url: here(), method: "POST" }) };
  await new Promise((done) => server.close(done));
  await expect(gone.ask.run(gone.input, {} as ToolScene, NEVER)).rejects.toThrow(
    /does not answer \(ECONNREFUSED\)\.$/,
  );
});

test("reaches nothing private that is not listed", async () => {
  const strict = httpRequestTool({ allowedHosts: [] });
  const asking = strict.run(strict.input.parse({ url: here() }), {} as ToolScene, NEVER);
  await expect(asking).rejects.toThrow(/AGENT_RUNTIME_TOOLS_ALLOWED_HOSTS/);
  expect(asked).toEqual([]);
});

describe("a request", () => {
  test.each([
    ["fetch", {}],
    ["fetch", { method: "HEAD", headers: { Accept: "application/json" } }],
    ["outward", { headers: { accept: "text/plain; note=all-that-i-read" } }],
    ["outward", { headers: { "x-note": "all that I read" } }],
    ["outward", { method: "POST" }],
    ["outward", { method: "DELETE" }],
  ])("is a %s: %o", (sensitivity, input) => {
    expect(tool().sensitivityOf(tool().input.parse({ url: here(), ...input }))).toBe(sensitivity);
  });

  test.each([
    [{ method: "CONNECT" }],
    [{ body: "x" }],
    [{ headers: { "x-note": "a\r\nHost: evil.test" } }],
    [{ headers: { "x-note\r\nhost": "a" } }],
    [{ headers: { Host: "metadata" } }],
    [{ headers: { "Transfer-Encoding": "chunked" } }],
    [{ method: "POST", body: "x".repeat(100_001) }],
    [{ headers: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`x-${n}`, "1"])) }],
  ])("is refused with %o", (input) => {
    expect(tool().input.safeParse({ url: here(), ...input }).success).toBe(false);
  });

  test("is refused before anybody is asked when it has no address that could be asked", () => {
    for (const url of ["x", "file:///etc/passwd", "https://good.test@evil.test/"]) {
      const input = tool().input.parse({ url });
      expect(() => tool().sensitivityOf(input)).toThrow(/is no address|neither|password in it/);
    }
  });

  test("is told to whoever approves as it will be asked, whatever it looks like", () => {
    const url = "https://\u0430pple.test/\u202egpj.exe\n#x";
    expect(tool().describe(tool().input.parse({ url }))).toBe(
      "GET https://xn--pple-43d.test/%E2%80%AEgpj.exe#x",
    );
  });

  test("is told to whoever approves, without the values of its headers", () => {
    const input = {
      method: "PUT",
      url: "https://a.test/x",
      headers: { "x-key": "s3cret" },
      body: "abc",
    };
    expect(tool().describe(tool().input.parse(input))).toBe(
      "PUT https://a.test/x with the headers x-key and a body of 3 characters",
    );
  });
});
