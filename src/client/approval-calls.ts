import type {
  ApprovalPage,
  ApprovalQuery,
  ApprovalView,
  DecideApprovalRequest,
  ShadowQuery,
  ShadowReport,
} from "./shapes/approval.ts";

type Get = <T>(
  path: string,
  query: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
) => Promise<T>;
type Post = <T>(path: string, body: unknown, signal?: AbortSignal) => Promise<T>;

/** What a running agent-runtime asks people about. */
export interface ApprovalCalls {
  listApprovals(query?: ApprovalQuery, signal?: AbortSignal): Promise<ApprovalPage>;
  /** By its whole id. */
  showApproval(id: string, signal?: AbortSignal): Promise<ApprovalView>;
  decideApproval(
    id: string,
    request: DecideApprovalRequest,
    signal?: AbortSignal,
  ): Promise<ApprovalView>;
  shadowApprovals(query: ShadowQuery, signal?: AbortSignal): Promise<ShadowReport>;
}

export function approvalCalls(get: Get, post: Post): ApprovalCalls {
  const pathOf = (id: string): string => `/api/v1/approvals/${encodeURIComponent(id)}`;
  return {
    listApprovals: (query, signal) => get("/api/v1/approvals", { ...query }, signal),
    showApproval: (id, signal) => get(pathOf(id), {}, signal),
    decideApproval: (id, body, signal) => post(`${pathOf(id)}/decision`, body, signal),
    shadowApprovals: (query, signal) => get("/api/v1/approvals/shadow", { ...query }, signal),
  };
}
