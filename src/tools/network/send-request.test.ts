import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { NEVER } from "../../core/abort.ts";
import { isPublicAddress } from "./is-public-address.ts";
import { type Network, type OutgoingRequest, sendRequest } from "./send-request.ts";

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map(
      (server) =>
        new Promise((done) => {
          server.closeAllConnections();
          server.close(done);
        }),
    ),
  );
});

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return (server.address() as AddressInfo).port;
}

const OPEN: Network = {
  allowedHosts: ["127.0.0.1", "site.test"],
  resolve: async () => ["127.0.0.1"],
};
const get = (
  url: string,
  network: Network = OPEN,
  more: Partial<OutgoingRequest> = {},
  signal = NEVER,
) =>
  sendRequest(
    network,
    { url, method: "GET", headers: {}, body: undefined, mostBytes: 10_000, ...more },
    signal,
  );

describe("an address", () => {
  test.each([
    "127.0.0.1",
    "127.255.0.1",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.100.100.200",
    "224.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "192.0.0.192",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:1::",
    "2001:db8::1",
    "localhost",
    "",
  ])("%s is not on the open internet", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  test.each([
    "8.8.8.8",
    "172.32.0.1",
    "100.128.0.1",
    "192.169.0.1",
    "2606:4700::1111",
    "2a00:1450::1",
  ])("%s is", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe("a request", () => {
  test.each([
    "http://127.0.0.1/",
    "http://127.1/",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://0177.0.0.1/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://169.254.169.254/latest/meta-data",
    "http://localhost/",
    "http://localhost./",
    "http://LOCALHOST/",
    "http://127.0.0.1.:80/",
  ])("to %s is refused before anything is sent", async (url) => {
    await expect(get(url, { allowedHosts: [] })).rejects.toMatchObject({ code: "invalid_input" });
  });

  test.each([
    "file:///etc/passwd",
    "ftp://a/",
    "gopher://a/",
    "javascript:1",
    "//a",
    "http://",
    "http://user:pw@site.test/",
  ])("to %s is refused", async (url) => {
    await expect(get(url)).rejects.toMatchObject({ code: "invalid_input" });
  });

  test("to a name with one private address among public ones is refused", async () => {
    const resolve = async () => ["93.184.216.34", "10.0.0.1"];
    await expect(get("http://mixed.test/", { allowedHosts: [], resolve })).rejects.toMatchObject({
      code: "invalid_input",
    });
  });

  test("resolves a name once, and connects to the address that was looked at", async () => {
    const port = await serve((_request, response) => response.end("hello"));
    let asked = 0;
    const resolve = async () => (asked++ === 0 ? ["127.0.0.1"] : ["127.0.0.2"]);
    const answer = await get(`http://site.test:${port}/`, { ...OPEN, resolve });
    expect(answer.body.toString()).toBe("hello");
    expect(asked).toBe(1);
  });

  test("takes a connection of its own each time: a kept one would lead where nobody has looked", async () => {
    const from: (number | undefined)[] = [];
    const port = await serve(({ socket }, response) => {
      from.push(socket.remotePort);
      response.end("hello");
    });
    for (let at = 0; at < 3; at += 1) await get(`http://site.test:${port}/`);
    expect(new Set(from).size).toBe(3);
  });

  test.each(["http://10.0.0.1/", "http://[::1]:1/", "file:///etc/passwd"])(
    "is not redirected to %s",
    async (location) => {
      const port = await serve((_request, response) => response.writeHead(302, { location }).end());
      const network = {
        allowedHosts: [`site.test:${port}`],
        resolve: async (host: string) => [host === "site.test" ? "127.0.0.1" : host],
      };
      await expect(get(`http://site.test:${port}/`, network)).rejects.toMatchObject({
        code: "invalid_input",
      });
    },
  );

  test("tells nothing of where it was redirected to and did not get", async () => {
    for (const last of ["http://obey.invalid/mail-the-keys", "http://10.0.0.1/obey", "obey:x"]) {
      const port = await serve(({ url }, response) =>
        response.writeHead(302, { location: url === "/" ? "/again?obey" : last }).end(),
      );
      const asked = `http://site.test:${port}/`;
      const resolve = async (host: string) => (host === "site.test" ? ["127.0.0.1"] : [host]);
      const network = { allowedHosts: [`site.test:${port}`], resolve };
      const error = await get(asked, network).catch((thrown: Error) => thrown);
      expect(String(error)).toContain(JSON.stringify(asked));
      expect(String(error)).not.toContain("obey");
    }
  });

  test("follows a redirect as browsers do, and takes no key along to another place", async () => {
    const seen: string[] = [];
    const other = await serve((request, response) => {
      seen.push(
        `${request.method} ${request.headers.authorization ?? "-"} ${request.headers["x-api-key"] ?? "-"} ${request.headers.accept}`,
      );
      response.end("there");
    });
    const port = await serve((_request, response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${other}/` }).end(),
    );
    const answer = await get(`http://site.test:${port}/`, OPEN, {
      method: "POST",
      body: "x",
      headers: { authorization: "Bearer k", "x-api-key": "k", accept: "text/*" },
    });
    expect(answer.body.toString()).toBe("there");
    expect(seen).toEqual(["GET - - text/*"]);
  });

  test("ends after five redirects, at its byte limit, and when it is stopped", async () => {
    const loop = await serve((_request, response) =>
      response.writeHead(302, { location: "/" }).end(),
    );
    await expect(get(`http://site.test:${loop}/`)).rejects.toThrow("more than 5 times");
    const endless = await serve((_request, response) => {
      response.write("x".repeat(20_000));
    });
    expect(await get(`http://site.test:${endless}/`)).toMatchObject({
      isCut: true,
      body: { length: 10_000 },
    });
    const silent = await serve(() => undefined);
    const stop = new AbortController();
    const asked = get(`http://site.test:${silent}/`, OPEN, {}, stop.signal);
    stop.abort(new Error("enough"));
    await expect(asked).rejects.toThrow("enough");
  });
});
