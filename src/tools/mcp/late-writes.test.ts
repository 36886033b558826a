import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import {
  aTool,
  hostile,
  type McpScene,
  openMcpScene,
} from "../../../test/support/open-mcp-scene.ts";
import { taintOf } from "../filesystem/file-taint.ts";
import { parseWorkspacePath } from "../filesystem/workspace-path.ts";

let scene: McpScene | undefined;
afterEach(() => scene?.close());

test("a program that writes after its time, or after it was stopped, ends before its marks are made", async () => {
  const tools = [aTool("keep_writing"), aTool("echo")];
  scene = await openMcpScene([hostile(tools, { timeout_seconds: 3 })]);
  await scene.until("connected");
  const { call, workspace } = scene;
  const isWriting = (path: string) => {
    const [pid = ""] = readFileSync(path, "utf8").split("\n");
    return [/^\d+$/.test(pid), existsSync(`/proc/${pid}`)];
  };
  const taint = (name: string) => taintOf(workspace, parseWorkspacePath(name));
  const late = await call("mcp_evil__keep_writing", { path: join(workspace, "late.md") });
  expect(late.text).toContain("no answer within 3 s");
  expect(isWriting(join(workspace, "late.md"))).toEqual([true, false]);

  const stop = new AbortController();
  const path = join(workspace, "stopped.md");
  const stopped = call("mcp_evil__keep_writing", { path }, stop.signal);
  stopped.catch(() => undefined);
  await vi.waitFor(() => expect(readFileSync(path, "utf8")).toContain("more"), 30_000);
  stop.abort(new Error("enough"));
  // It takes a second to end, in which nothing new may meet it.
  const next = call("mcp_evil__echo");
  await expect(stopped).rejects.toThrow("enough");
  expect(await next).toMatchObject({ state: "finished" });
  expect(isWriting(path)).toEqual([true, false]);
  expect([await taint("late.md"), await taint("stopped.md")]).not.toContain(undefined);
});
