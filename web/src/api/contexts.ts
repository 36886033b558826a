import type { ContextPage, ResetContext } from "../../../src/client/shapes/context.ts";
import type {
  BindContextRequest,
  BoundContext,
  CreatedWorkspace,
  WorkspacePage,
} from "../../../src/client/shapes/workspace.ts";
import { pageQuery } from "./page-query.ts";
import { request } from "./request.ts";

async function post(path: string, body: unknown, signal: AbortSignal): Promise<unknown> {
  return await request(path, { method: "POST", body, signal });
}

export async function listContexts(
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<ContextPage> {
  return (await request(`/api/v1/contexts?${pageQuery(cursor)}`, { signal })) as ContextPage;
}

export async function resetContext(id: string, signal: AbortSignal): Promise<ResetContext> {
  return (await post("/api/v1/contexts/reset", { context_id: id }, signal)) as ResetContext;
}

export async function listWorkspaces(
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<WorkspacePage> {
  return (await request(`/api/v1/workspaces?${pageQuery(cursor)}`, { signal })) as WorkspacePage;
}

export async function createWorkspace(
  name: string,
  signal: AbortSignal,
): Promise<CreatedWorkspace> {
  return (await post("/api/v1/workspaces", { name }, signal)) as CreatedWorkspace;
}

export async function bindContext(
  body: BindContextRequest,
  signal: AbortSignal,
): Promise<BoundContext> {
  return (await post("/api/v1/workspaces/bind", body, signal)) as BoundContext;
}
