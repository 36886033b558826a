import { afterEach, expect, test } from "vitest";
import { commitEffects, openTestApi, type TestApi } from "../../../test/support/open-test-api.ts";
import type { McpServers } from "../../client/shapes/mcp.ts";

let scene: TestApi | undefined;
afterEach(async () => {
  await scene?.close();
  scene = undefined;
});

const DIGEST = "ab".repeat(32);

test("admins see the servers and what waits, and let it in as they have read it", async () => {
  const state = { id: "files", state: "connected", message: "said t0ken", problems: [] } as const;
  scene = await openTestApi({
    ports: {
      readMcpServers: () => ({
        problem: undefined,
        roomProblem: "too many",
        changedFiles: ["/ext/actions.json"],
        servers: [state],
      }),
      redact: (text) => text.replace("t0ken", "[redacted]"),
    },
  });
  const { asOwner, postAsOwner, test: opened } = scene;
  await commitEffects(opened, [
    {
      type: "pin-mcp-tool",
      id: "mcp_files__read",
      server: "files",
      name: "read",
      definition: '{"description":"Reads."}',
      digest: DIGEST,
      isApproved: false,
    },
  ]);
  const read = async () => (await (await asOwner("/api/v1/mcp")).json()) as McpServers;
  const tool = {
    name: "mcp_files__read",
    server_name: "read",
    digest: DIGEST,
    definition: '{"description":"Reads."}',
  };
  expect(await read()).toEqual({
    problem: null,
    room_problem: "too many",
    changed_files: ["/ext/actions.json"],
    count: 1,
    items: [
      {
        ...state,
        message: "said [redacted]",
        tools: [{ ...tool, state: "new", approved_definition: null }],
      },
    ],
  });
  const approve = (digest: string) =>
    postAsOwner("/api/v1/mcp/approve", { tool: "mcp_files__read", digest });
  expect((await approve("cd".repeat(32))).status).toBe(409);
  expect((await approve("ab")).status).toBe(400);
  const done = await approve(DIGEST.slice(0, 12));
  expect([done.status, await done.json()]).toEqual([200, { tool: "mcp_files__read" }]);
  expect((await read()).items[0]?.tools).toEqual([
    { ...tool, state: "approved", approved_definition: tool.definition },
  ]);
  expect((await approve(DIGEST)).status).toBe(409);
});
