import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NEVER } from "../../core/abort.ts";
import { createNoWalls } from "../../sandbox/no-walls.ts";
import { judgeToolCall } from "../judge-call.ts";
import type { Tool, ToolScene } from "../tool.ts";
import { createToolbox } from "../toolbox.ts";
import { readActions } from "./read-actions.ts";
import { runActionTool } from "./run-action.ts";

const LIMITS = {
  timeMs: 5_000,
  outputBytes: 10_000,
  memoryBytes: 1_000_000_000,
  processes: 20,
  fileBytes: 1_000_000,
  scratchBytes: 100_000_000,
};
const PAYLOAD = {
  type: "object",
  properties: { force: { type: "boolean" }, note: { type: "string", maxLength: 10 } },
  required: ["force"],
  additionalProperties: false,
};

let directory: string;
let server: Server;
let answer: { status: number; text: string };
let requests: { method: string | undefined; headers: Record<string, unknown>; body: string }[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "agent-runtime-actions-"));
  requests = [];
  answer = { status: 200, text: "restarted" };
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    requests.push({ method: request.method, headers: request.headers, body });
    if (answer.status === 0) request.socket.destroy();
    else response.writeHead(answer.status).end(answer.text);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
});
afterEach(async () => {
  server.close();
  server.closeAllConnections();
  await rm(directory, { recursive: true, force: true });
});

async function read(
  actions: unknown,
  variables: Record<string, string> = {},
  workspaceRoot = join(directory, "workspaces"),
) {
  const path = join(directory, "actions.json");
  await writeFile(path, typeof actions === "string" ? actions : JSON.stringify({ actions }));
  return readActions({ path, workspaceRoot, findVariable: (name) => variables[name] });
}

const restart = () => ({
  description: "Restarts a site.",
  targets: ["blog", "shop"],
  payload: PAYLOAD,
  webhook: {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as the operator writes it.
    headers: { authorization: "Bearer ${SITE_TOKEN}" },
  },
});

async function theTool(actions: object, variables = { SITE_TOKEN: "s3cr3t" }): Promise<Tool> {
  const found = await read(actions, variables);
  expect(found.problems).toEqual([]);
  return runActionTool({
    actions: found.actions,
    network: { allowedHosts: [] },
    code: { sandbox: createNoWalls(), allowedCommands: [], limits: LIMITS },
  });
}
const scene = () => ({ workspace: directory, isTainted: false }) as ToolScene;
const call = (tool: Tool, input: unknown) => tool.run(tool.input.parse(input), scene(), NEVER);
const GOOD = { type: "restart", target: "shop", summary: "It hangs.", payload: { force: true } };

describe("an action", () => {
  test("calls the operator's address with the operator's secret, and tells what came back", async () => {
    const tool = await theTool({ restart: restart() });
    const result = await call(tool, GOOD);
    expect(result.text).toMatch(/answered with status 200\.\nrestarted$/);
    expect(result.taintedBy).toMatch(/^the answer of 127\.0\.0\.1/);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: "POST", body: JSON.stringify(GOOD) });
    expect(requests[0]?.headers["authorization"]).toBe("Bearer s3cr3t");
    expect(tool.description + JSON.stringify(result)).not.toContain("s3cr3t");
    expect(tool.description).toContain("- restart: Restarts a site. Targets: blog, shop.");
  });

  test("that fails says so, and that a broken one may have been done", async () => {
    const tool = await theTool({ restart: restart() });
    answer = { status: 500, text: "no" };
    expect(await call(tool, GOOD)).toMatchObject({ isFailure: true });
    answer = { status: 0, text: "" };
    await expect(call(tool, GOOD)).rejects.toThrow("do not simply repeat it");
  });

  test("may be a program, which is given the call on its input", async () => {
    const count = { description: "Counts.", command: ["cat"], payload: {}, sensitivity: "guarded" };
    const tool = await theTool({ count });
    const input = { type: "count", target: "", summary: "why", payload: { a: 1 } };
    expect((await call(tool, input)).text).toBe(JSON.stringify(input));
    // Without walls around it, it is as much as any program.
    expect(tool.sensitivityOf(input)).toBe("outward");
  });

  test("goes out to others unless the operator says otherwise", async () => {
    const mild = { ...restart(), sensitivity: "write" };
    const tool = await theTool({ restart: restart(), mild });
    expect(tool.sensitivityOf(GOOD)).toBe("outward");
    expect(tool.sensitivityOf({ ...GOOD, type: "mild" })).toBe("write");
  });

  test.each([
    [{ ...GOOD, type: "other" }, "There is no such action"],
    [{ ...GOOD, target: "bank" }, "one of the targets blog, shop"],
    [{ ...GOOD, target: "" }, "one of the targets"],
    [{ ...GOOD, payload: {} }, "payload.force"],
    [{ ...GOOD, payload: { force: true, url: "http://x" } }, "payload"],
    [{ ...GOOD, payload: { force: true, note: "x".repeat(11) } }, "payload.note"],
    [{ ...GOOD, url: "http://elsewhere" }, "url"],
    [{ ...GOOD, summary: "" }, "summary"],
    [{ ...GOOD, payload: { force: true, note: "x".repeat(20_000) } }, "payload: too large"],
  ])("is refused before anybody is asked: %j", async (input, why) => {
    const toolbox = createToolbox([await theTool({ restart: restart() })]);
    const judged = judgeToolCall(
      toolbox,
      { tool: "run_action", input },
      { preset: "sensitive-only", role: "overlord", isTainted: false, isGivenAddress: () => false },
    );
    expect(judged).toMatchObject({ kind: "refuse", text: expect.stringContaining(why) });
    expect(requests).toEqual([]);
  });
});

describe("the file of actions", () => {
  test("need not be there", () => {
    const path = join(directory, "none.json");
    const none = readActions({ path, workspaceRoot: directory, findVariable: () => undefined });
    expect(none).toEqual({ actions: [], problems: [], secrets: [] });
  });

  test("is not one that the agent could have written", async () => {
    const found = await read({ restart: restart() }, { SITE_TOKEN: "s3cr3t" }, directory);
    expect(found.actions).toEqual([]);
    expect(found.problems).toEqual([expect.stringContaining("It lies in a workspace")]);
  });

  test("says what of it must not be shown, and nothing that is no secret", async () => {
    const headers = { ...restart().webhook.headers, accept: "application/json" };
    const open = { ...restart(), webhook: { ...restart().webhook, headers } };
    const { secrets } = await read({ open }, { SITE_TOKEN: "s3cr3t" });
    expect(secrets).toEqual(["s3cr3t", "Bearer s3cr3t"]);
  });

  test("that is no JSON is quoted nowhere", async () => {
    const { problems } = await read('{"k": s3cr3t-0123456789}');
    expect(problems).toEqual([expect.stringContaining("It is no JSON.")]);
    expect(problems.join()).not.toContain("s3cr3t");
  });

  test("that cannot be understood gives no action, and says so", async () => {
    for (const text of ["{", "[]", '{"actions": {"Bad Name": {}}}', '{"actons": {}}'])
      expect(await read(text)).toMatchObject({
        actions: [],
        problems: [expect.stringContaining("actions.json")],
      });
  });

  test("leaves out only what is wrong", async () => {
    const { actions, problems } = await read({
      good: { description: "x", command: ["true"] },
      unset: restart(),
      both: { description: "x", command: ["true"], webhook: { url: "http://x" } },
      shell: { description: "x", command: "rm -rf /" },
      local: { description: "x", webhook: { url: "file:///etc/passwd" } },
      free: { description: "x", command: ["true"], sensitivity: "read" },
    });
    expect(actions.map(({ name }) => name)).toEqual(["good"]);
    expect(problems).toHaveLength(5);
    expect(problems[0]).toContain("SITE_TOKEN must be set");
  });
});
