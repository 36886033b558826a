import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestApi, type TestApi } from "../../test/support/open-test-api.ts";
import { ROUTES } from "./routes.ts";

const PUBLIC = [
  "GET /healthz",
  "GET /readyz",
  "GET /docs",
  "GET /openapi.json",
  "POST /api/v1/session",
];

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const ask = (operation: string, init: RequestInit = {}): Promise<Response> => {
  const [method = "", path = ""] = operation.split(" ");
  return fetch(`${api.url}${path.replaceAll(/\{\w+\}/g, "x")}`, { method, ...init });
};
const operations = ROUTES.map((route) => `${route.method.toUpperCase()} ${route.path}`);

describe("without a key", () => {
  it("exactly the public operations are declared public", () => {
    const declared = ROUTES.filter((route) => route.permission === undefined).map(
      (route) => `${route.method.toUpperCase()} ${route.path}`,
    );
    expect(declared.sort()).toEqual([...PUBLIC].sort());
  });

  it.each(operations.filter((operation) => !PUBLIC.includes(operation)))(
    "%s is 401",
    async (operation) => {
      const response = await ask(operation);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ error: expect.any(String), code: "unauthenticated" });
      expect(
        (await ask(operation, { headers: { authorization: "Bearer tok_owner2" } })).status,
      ).toBe(401);
      expect(
        (await ask(operation, { headers: { cookie: "agent_runtime_session=guess" } })).status,
      ).toBe(401);
    },
  );

  it.each(["GET /healthz", "GET /readyz", "GET /docs", "GET /openapi.json"])(
    "%s answers",
    async (operation) => {
      expect((await ask(operation)).status).toBe(200);
    },
  );

  it.each([
    "GET /nothing",
    "GET /api/v1/nothing",
    "POST /healthz",
    "POST /",
    "DELETE /docs",
    "GET /api/v1/session",
    "OPTIONS /api/v1/info",
    "PATCH /api/v1/tasks",
    "GET /assets/nothing.js",
    "GET /..%2fpackage.json",
    "GET /healthz/",
    "GET //healthz",
  ])("%s is 401, not 404 or 405", async (operation) => {
    expect((await ask(operation)).status).toBe(401);
  });

  it("malformed and oversized bodies are 401, not 400 or 413", async () => {
    const send = (body: string) =>
      ask("POST /api/v1/chat", { body, headers: { "content-type": "application/json" } });
    expect((await send("{")).status).toBe(401);
    expect((await send("x".repeat(2 * 1024 * 1024))).status).toBe(401);
  });
});

describe("with a key", () => {
  const askAsOwner = (operation: string): Promise<Response> =>
    ask(operation, { headers: { authorization: "Bearer tok_owner" } });

  it("an unknown path is 404 and another method 405 with Allow", async () => {
    expect((await askAsOwner("GET /api/v1/nothing")).status).toBe(404);
    const response = await askAsOwner("PUT /api/v1/tasks");
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("GET, HEAD, POST");
    expect(await response.json()).toEqual({
      error: expect.any(String),
      code: "method_not_allowed",
    });
    expect((await askAsOwner("POST /healthz")).headers.get("allow")).toBe("GET, HEAD");
  });

  it("the description lists exactly the operations there are", async () => {
    const document = (await (await ask("GET /openapi.json")).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual([...operations].sort());
  });

  it("the docs page loads nothing and runs nothing", async () => {
    const response = await ask("GET /docs");
    const html = await response.text();
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(html).not.toContain("<script");
    expect(html).not.toMatch(/https?:\/\//);
    for (const route of ROUTES) expect(html).toContain(route.path);
  });

  it("every answer carries the security headers", async () => {
    for (const operation of ["GET /healthz", "GET /", "GET /nothing", "GET /docs"]) {
      const { headers } = await ask(operation);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    }
  });
});
