import type { ApprovalPage, ApprovalView } from "../../../src/client/shapes/approval.ts";
import { pageQuery } from "./page-query.ts";
import { request } from "./request.ts";

export async function listApprovals(
  state: "pending" | undefined,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<ApprovalPage> {
  const query = pageQuery(cursor, state === undefined ? {} : { state });
  return (await request(`/api/v1/approvals?${query}`, { signal })) as ApprovalPage;
}

export async function decideApproval(
  id: string,
  decision: { readonly approved: boolean; readonly note: string },
  signal: AbortSignal,
): Promise<ApprovalView> {
  const { approved, note } = decision;
  const body = note === "" ? { approved } : { approved, note };
  const path = `/api/v1/approvals/${encodeURIComponent(id)}/decision`;
  return (await request(path, { method: "POST", body, signal })) as ApprovalView;
}
