import { createConnection } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { OWNER_TOKEN, openTestApi, type TestApi } from "../../test/support/open-test-api.ts";

let api: TestApi;
afterEach(() => api.close());

/** Speaks raw HTTP. Settles with all that came when the other side has ended the connection. */
function speak(text: string): Promise<string> {
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
  });
}

function parse(answer: string) {
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  const length = /^content-length: (\d+)$/im.exec(head)?.[1];
  expect(Number(length)).toBe(Buffer.byteLength(body));
  expect(head).toMatch(/^content-type: application\/json$/im);
  expect(head).toMatch(/^x-content-type-options: nosniff$/im);
  expect(head).toMatch(/^connection: close$/im);
  return { status: Number(head.split(" ")[1]), ...(JSON.parse(body) as object) };
}

const HOST = "Host: localhost\r\n";
const POST = `POST /api/v1/tasks HTTP/1.1\r\n${HOST}Authorization: Bearer ${OWNER_TOKEN}\r\nContent-Type: application/json\r\n`;

describe("what is no request of ours is told like any other error", () => {
  it.each([
    ["no Host", "GET /healthz HTTP/1.1\r\n\r\n", 400, "invalid_input"],
    ["no Host in HTTP/1.0", "GET /healthz HTTP/1.0\r\n\r\n", 400, "invalid_input"],
    ["a foreign Host", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403, "access_denied"],
    ["a malformed request line", "GET\r\n\r\n", 400, "invalid_input"],
    ["an unknown method", `FETCH / HTTP/1.1\r\n${HOST}\r\n`, 400, "invalid_input"],
    ["another protocol", "\u0016\u0003\u0001 hello", 400, "invalid_input"],
    ["a large head", `GET / HTTP/1.1\r\n${HOST}X: ${"x".repeat(17_000)}\r\n\r\n`, 431, "too_large"],
    ["a malformed body", `${POST}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`, 400, "invalid_input"],
    [
      "an expectation",
      `GET /healthz HTTP/1.1\r\n${HOST}Expect: a miracle\r\n\r\n`,
      417,
      "invalid_input",
    ],
  ])("%s", async (_what, request, status, code) => {
    api = await openTestApi();
    expect(parse(await speak(request))).toEqual({
      status,
      code,
      error: expect.stringMatching(/\.$/),
    });
  });

  it("a head that does not arrive whole in time", async () => {
    api = await openTestApi();
    expect(parse(await speak("GET / HTTP/1.1\r\nHos"))).toMatchObject({
      status: 408,
      code: "unavailable",
    });
  });
});

it("writes nothing into the middle of an answer", async () => {
  api = await openTestApi();
  const stream = `GET /api/v1/events HTTP/1.1\r\n${HOST}Authorization: Bearer ${OWNER_TOKEN}\r\n\r\n`;
  const { hostname, port } = new URL(api.url);
  const socket = createConnection({ host: hostname, port: Number(port) }).setEncoding("utf8");
  let answer = "";
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.once("data", () => socket.write("this is no request\r\n\r\n"));
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  socket.on("error", () => undefined);
  socket.write(stream);
  await closed;
  expect(answer).toContain("event: change");
  expect(answer).not.toContain("invalid_input");
});
