import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NEVER } from "../../core/abort.ts";
import type { ToolScene } from "../tool.ts";
import { fetchUrlTool } from "./fetch-url.ts";

let server: Server;
let answer: { status: number; type: string; body: Buffer };
beforeEach(async () => {
  server = createServer((_request, response) => {
    response.writeHead(answer.status, { "content-type": answer.type }).end(answer.body);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
});
afterEach(() => new Promise((done) => server.close(done)));

async function fetchIt(status: number, type: string, body: string | Buffer) {
  answer = { status, type, body: Buffer.from(body) };
  const network = { allowedHosts: ["site.test"], resolve: async () => ["127.0.0.1"] };
  const url = `http://site.test:${(server.address() as AddressInfo).port}/page`;
  const result = await fetchUrlTool(network).run({ url }, {} as ToolScene, NEVER);
  return { ...result, text: result.text.replace(url, "URL"), url };
}

test("reads a page as a person would, and says whose words it is", async () => {
  const html = `<title>T</title><style>x{}</style><script>steal()</script><nav>menu</nav>
    <h1>Tea &amp; cake</h1><p>At <b>five</b>, <a href="https://a.test/x">here</a> or <a href="../b?c=1">there</a>.</p><ul><li>one<li>two</ul>`;
  const { text, taintedBy, url } = await fetchIt(200, "text/html; charset=utf-8", html);
  expect(text).toContain("Tea & cake");
  expect(text).toContain("At five, here <https://a.test/x> or there <");
  expect(text).toContain(`<${new URL("/b?c=1", url).href}>.`);
  expect(text).toContain(" * one\n * two");
  expect(text).not.toMatch(/steal|menu|x\{\}/);
  expect(taintedBy).toBe(`the page ${url}`);
});

test.each([
  ["text/plain; charset=iso-8859-1", Buffer.from([0x67, 0x72, 0xfc, 0x6e]), "grün"],
  ["text/html", Buffer.from('<meta charset="windows-1252"><p>\x93q\x94', "latin1"), "“q”"],
  ["text/html", Buffer.from("<meta charset='windows-1252'><p>\x93q\x94", "latin1"), "“q”"],
  ["text/html", "<p> </p>", "(There is no text on it.)"],
  ["", "", "(There is no text on it.)"],
  ["application/json", '{"a":1}', '{"a":1}'],
  ["application/ld+json; charset=nonsense", "{}", "{}"],
])("understands %s", async (type, body, text) => {
  expect((await fetchIt(200, type, body)).text).toBe(`URL\n\n${text}`);
});

test.each([
  [404, "text/html", "gone", /answers with 404/],
  [200, "image/png", "x", /is no text/],
  [200, "text/plain", Buffer.from([1, 0, 2]), /is no text/],
])("tells the model of %i %s what is wrong", async (status, type, body, problem) => {
  await expect(fetchIt(status, type, body)).rejects.toThrow(problem);
});

test("reads no more than it says", async () => {
  const { text } = await fetchIt(200, "text/plain", "x".repeat(2_500_000));
  expect(text).toMatch(/\(Only the first 2000000 bytes were read\.\)$/);
  expect(text.length).toBeLessThan(2_000_200);
});

test.each([
  "http://169.254.169.254/latest/meta-data/",
  "http://10.0.0.8/",
  "http://2130706433/",
  "http://[::1]:8080/",
  "http://[::ffff:7f00:1]/",
  "http://LOCALHOST./",
  "http://page.localhost/",
])("nobody is asked about %s, which is not on the open internet by what it says", (url) => {
  const closed = fetchUrlTool({ allowedHosts: [] });
  expect(() => closed.sensitivityOf({ url })).toThrow("is not on the open internet");
  const open = fetchUrlTool({ allowedHosts: [new URL(url).host, "localhost"] });
  if (!url.includes("page.")) expect(open.sensitivityOf({ url })).toBe("fetch");
  expect(closed.sensitivityOf({ url: "http://localhost.example.com/" })).toBe("fetch");
});
