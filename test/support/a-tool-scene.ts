import { join } from "node:path";
import { newId } from "../../src/core/ids.ts";
import { createCallTimes } from "../../src/core/run/call-times.ts";
import { contextById } from "../../src/store/queries/contexts.ts";
import { taskById } from "../../src/store/queries/tasks.ts";
import { runTool } from "../../src/tools/run-tool.ts";
import type { Tool, ToolScene } from "../../src/tools/tool.ts";
import type { Gateway } from "./open-gateway.ts";

type Person = Awaited<ReturnType<Gateway["aPerson"]>>;

/** A run at work for somebody: on what they said in private, or on a task. */
export async function aToolScene(
  gateway: Gateway,
  person: Person,
  of: { readonly taskId?: string; readonly isTainted?: boolean; readonly contextId?: string } = {},
): Promise<ToolScene> {
  const { store, clock, directory } = gateway;
  const { message } = await gateway.say("/help", {
    sender: { externalUserId: "7", displayName: "Ada" },
  });
  const task = of.taskId === undefined ? undefined : await store.first(taskById, { id: of.taskId });
  const contextId = task?.context_id ?? of.contextId ?? message.context_id;
  const context = await store.first(contextById, { id: contextId });
  if (context === undefined) throw new Error("no conversation");
  const runId = newId("run");
  const isTainted = of.isTainted ?? false;
  await gateway.commit("test-run", async () => ({
    seen: [],
    effects: [
      {
        type: "create-run",
        id: runId,
        kind: task === undefined ? "turn" : "task",
        workspaceId: context.workspace_id,
        contextId,
        userId: person.userId,
        messageId: task === undefined ? message.id : task.message_id,
        taskId: task?.id ?? null,
        taint: isTainted,
      },
      // No job works on it, so it must not stay open.
      { type: "move-run", id: runId, from: ["queued"], to: "succeeded", model: null, error: null },
    ],
  }));
  return {
    store,
    now: clock.now(),
    runId,
    contextId,
    workspaceId: context.workspace_id,
    workspace: join(directory, context.workspace_id),
    userId: person.userId,
    role: person.actor.role ?? "viewer",
    isTainted,
    taintedBy: isTainted ? ["the page https://x.test"] : [],
  };
}

/** Calls a tool as the agent does, and commits what it changes. */
export async function callTool(
  gateway: Gateway,
  tool: Tool,
  input: unknown,
  scene: ToolScene,
): Promise<{
  readonly state: string;
  readonly text: string;
  readonly taintedBy?: string | undefined;
}> {
  const parsed = tool.input.safeParse(input);
  if (!parsed.success) return { state: "refused", text: parsed.error.message };
  const { clock } = gateway;
  const deps = { clock, log: { write: () => undefined }, callTimes: createCallTimes() };
  const end = await runTool(deps, tool, parsed.data, scene, new AbortController().signal);
  const { effects = [], seen = [] } = end;
  if (effects.length > 0) await gateway.commit("end-tool-call", async () => ({ effects, seen }));
  return end;
}
