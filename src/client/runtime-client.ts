import { type ApprovalCalls, approvalCalls } from "./approval-calls.ts";
import { createCalls, type RuntimeClientOptions } from "./call-api.ts";
import type { ChatReply, ChatRequest } from "./shapes/chat.ts";
import type { ContextPage, ContextQuery, ResetContext } from "./shapes/context.ts";
import type { ConversationPage, PostedMessage, PostMessageRequest } from "./shapes/conversation.ts";
import type {
  DeadLetterPage,
  DeadLetterQuery,
  DropDeadLetterRequest,
  MovedDeadLetter,
} from "./shapes/dead-letter.ts";
import type {
  DeliveryPage,
  DeliveryQuery,
  DropDeliveryRequest,
  MovedDelivery,
} from "./shapes/delivery.ts";
import type { Explanation } from "./shapes/explanation.ts";
import type { RuntimeInfo } from "./shapes/info.ts";
import type { CreatedKey, CreateKeyRequest, KeyPage, KeyQuery, RevokedKey } from "./shapes/key.ts";
import type { ApprovedMcpTool, ApproveMcpToolRequest, McpServers } from "./shapes/mcp.ts";
import type {
  ApprovedPairingView,
  ApprovePairingRequest,
  DeniedPairingView,
  DenyPairingRequest,
  PairingLink,
  PairingPage,
  PairingsQuery,
  PairingView,
  StartedPairingView,
  StartPairingRequest,
} from "./shapes/pairing.ts";
import type { CreatedLoginCode, OpenedSession } from "./shapes/session.ts";
import type { SpendReport } from "./shapes/spend.ts";
import type {
  CancelledTask,
  CreatedTask,
  CreateTaskRequest,
  RetriedTask,
  RoutedTask,
  RouteTaskRequest,
  TaskPage,
  TaskQuery,
  TaskView,
} from "./shapes/task.ts";
import type {
  ChangedRole,
  ChangeRoleRequest,
  UnlinkedIdentity,
  UserPage,
  UserQuery,
} from "./shapes/user.ts";
import type {
  BindContextRequest,
  BoundContext,
  CreatedWorkspace,
  WorkspacePage,
  WorkspaceQuery,
} from "./shapes/workspace.ts";

/** What a chat request may take beyond the time it asks to wait. */
const CHAT_MARGIN_MS = 15_000;
const DEFAULT_CHAT_WAIT_SECONDS = 60;

/** A running agent-runtime, from outside. */
export interface RuntimeClient extends ApprovalCalls {
  info(signal?: AbortSignal): Promise<RuntimeInfo>;
  /** Waits as long as `wait_seconds` says; an outcome `pending` means the answer takes longer. */
  chat(request: ChatRequest, signal?: AbortSignal): Promise<ChatReply>;
  /** With a key of its own a request may be repeated: it makes one task. */
  createTask(
    request: CreateTaskRequest,
    options?: { readonly idempotencyKey?: string; readonly signal?: AbortSignal },
  ): Promise<CreatedTask>;
  /** By id or a unique tail of six characters or more. */
  getTask(id: string, signal?: AbortSignal): Promise<TaskView>;
  listTasks(query?: Omit<TaskQuery, "id">, signal?: AbortSignal): Promise<TaskPage>;
  cancelTask(taskId: string, signal?: AbortSignal): Promise<CancelledTask>;
  retryTask(taskId: string, signal?: AbortSignal): Promise<RetriedTask>;
  routeTask(request: RouteTaskRequest, signal?: AbortSignal): Promise<RoutedTask>;
  explainMessage(id: string, signal?: AbortSignal): Promise<Explanation>;
  /** Today's; of all for admins, else of one's own work. */
  showSpend(signal?: AbortSignal): Promise<SpendReport>;
  listDeliveries(query?: DeliveryQuery, signal?: AbortSignal): Promise<DeliveryPage>;
  replayDelivery(deliveryId: string, signal?: AbortSignal): Promise<MovedDelivery>;
  dropDelivery(request: DropDeliveryRequest, signal?: AbortSignal): Promise<MovedDelivery>;
  listDeadLetters(query?: DeadLetterQuery, signal?: AbortSignal): Promise<DeadLetterPage>;
  replayDeadLetter(jobId: string, signal?: AbortSignal): Promise<MovedDeadLetter>;
  dropDeadLetter(request: DropDeadLetterRequest, signal?: AbortSignal): Promise<MovedDeadLetter>;
  listPairings(query?: PairingsQuery, signal?: AbortSignal): Promise<PairingPage>;
  createPairingLink(signal?: AbortSignal): Promise<PairingLink>;
  startPairing(request: StartPairingRequest, signal?: AbortSignal): Promise<StartedPairingView>;
  lookupPairing(token: string, signal?: AbortSignal): Promise<PairingView>;
  approvePairing(
    request: ApprovePairingRequest,
    signal?: AbortSignal,
  ): Promise<ApprovedPairingView>;
  denyPairing(request: DenyPairingRequest, signal?: AbortSignal): Promise<DeniedPairingView>;
  listUsers(query?: UserQuery, signal?: AbortSignal): Promise<UserPage>;
  changeRole(request: ChangeRoleRequest, signal?: AbortSignal): Promise<ChangedRole>;
  unlinkIdentity(identityId: string, signal?: AbortSignal): Promise<UnlinkedIdentity>;
  listKeys(query?: KeyQuery, signal?: AbortSignal): Promise<KeyPage>;
  createKey(request: CreateKeyRequest, signal?: AbortSignal): Promise<CreatedKey>;
  revokeKey(keyId: string, signal?: AbortSignal): Promise<RevokedKey>;
  listWorkspaces(query?: WorkspaceQuery, signal?: AbortSignal): Promise<WorkspacePage>;
  createWorkspace(name: string, signal?: AbortSignal): Promise<CreatedWorkspace>;
  bindContext(request: BindContextRequest, signal?: AbortSignal): Promise<BoundContext>;
  listContexts(query?: ContextQuery, signal?: AbortSignal): Promise<ContextPage>;
  resetContext(contextId: string, signal?: AbortSignal): Promise<ResetContext>;
  listMcpServers(signal?: AbortSignal): Promise<McpServers>;
  approveMcpTool(request: ApproveMcpToolRequest, signal?: AbortSignal): Promise<ApprovedMcpTool>;
  createLoginCode(signal?: AbortSignal): Promise<CreatedLoginCode>;
  openSession(code: string, signal?: AbortSignal): Promise<OpenedSession>;
  endSession(signal?: AbortSignal): Promise<void>;
  readConversation(
    query?: { limit?: number; before?: string },
    signal?: AbortSignal,
  ): Promise<ConversationPage>;
  postMessage(request: PostMessageRequest, signal?: AbortSignal): Promise<PostedMessage>;
}

/**
 * Calls the API over HTTP with `fetch`.
 * Every method @throws AppError with the code and text the service gave; `unavailable` when no service answers there
 * or not in time. A cancelled call rejects with `signal.reason`.
 */
export function createRuntimeClient(options: RuntimeClientOptions): RuntimeClient {
  const { call, get, post } = createCalls(options);
  return {
    info: (signal) => get("/api/v1/info", {}, signal),
    chat: (body, signal) =>
      call({
        method: "POST",
        path: "/api/v1/chat",
        body,
        timeoutMs: (body.wait_seconds ?? DEFAULT_CHAT_WAIT_SECONDS) * 1_000 + CHAT_MARGIN_MS,
        signal,
      }),
    createTask: (body, { idempotencyKey, signal } = {}) =>
      call({
        method: "POST",
        path: "/api/v1/tasks",
        body,
        headers: idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey },
        signal,
      }),
    getTask: (id, signal) => get("/api/v1/tasks", { id }, signal),
    listTasks: (query, signal) => get("/api/v1/tasks", { ...query }, signal),
    cancelTask: (taskId, signal) => post("/api/v1/tasks/cancel", { task_id: taskId }, signal),
    retryTask: (taskId, signal) => post("/api/v1/tasks/retry", { task_id: taskId }, signal),
    routeTask: (body, signal) => post("/api/v1/tasks/route", body, signal),
    explainMessage: (id, signal) =>
      get(`/api/v1/messages/${encodeURIComponent(id)}/explain`, {}, signal),
    showSpend: (signal) => get("/api/v1/spend", {}, signal),
    ...approvalCalls(get, post),
    listDeliveries: (query, signal) => get("/api/v1/deliveries", { ...query }, signal),
    replayDelivery: (id, signal) => post("/api/v1/deliveries/replay", { delivery_id: id }, signal),
    dropDelivery: (body, signal) => post("/api/v1/deliveries/drop", body, signal),
    listDeadLetters: (query, signal) => get("/api/v1/dead-letters", { ...query }, signal),
    replayDeadLetter: (id, signal) => post("/api/v1/dead-letters/replay", { job_id: id }, signal),
    dropDeadLetter: (body, signal) => post("/api/v1/dead-letters/drop", body, signal),
    listPairings: (query, signal) => get("/api/v1/pairings", { ...query }, signal),
    startPairing: (body, signal) => post("/api/v1/pairings/start", body, signal),
    lookupPairing: (token, signal) => get("/api/v1/pairings/lookup", { token }, signal),
    approvePairing: (body, signal) => post("/api/v1/pairings/approve", body, signal),
    denyPairing: (body, signal) => post("/api/v1/pairings/deny", body, signal),
    createPairingLink: (signal) => call({ method: "POST", path: "/api/v1/pairings/link", signal }),
    listUsers: (query, signal) => get("/api/v1/users", { ...query }, signal),
    changeRole: (body, signal) => post("/api/v1/users/role", body, signal),
    unlinkIdentity: (id, signal) => post("/api/v1/users/unlink", { identity_id: id }, signal),
    listKeys: (query, signal) => get("/api/v1/keys", { ...query }, signal),
    createKey: (body, signal) => post("/api/v1/keys", body, signal),
    revokeKey: (id, signal) => post("/api/v1/keys/revoke", { key_id: id }, signal),
    listWorkspaces: (query, signal) => get("/api/v1/workspaces", { ...query }, signal),
    createWorkspace: (name, signal) => post("/api/v1/workspaces", { name }, signal),
    bindContext: (body, signal) => post("/api/v1/workspaces/bind", body, signal),
    listContexts: (query, signal) => get("/api/v1/contexts", { ...query }, signal),
    resetContext: (id, signal) => post("/api/v1/contexts/reset", { context_id: id }, signal),
    listMcpServers: (signal) => get("/api/v1/mcp", {}, signal),
    approveMcpTool: (body, signal) => post("/api/v1/mcp/approve", body, signal),
    createLoginCode: (signal) => call({ method: "POST", path: "/api/v1/login-codes", signal }),
    openSession: (code, signal) => post("/api/v1/session", { code }, signal),
    endSession: (signal) => call({ method: "DELETE", path: "/api/v1/session", signal }),
    readConversation: (query, signal) => get("/api/v1/conversation", { ...query }, signal),
    postMessage: (body, signal) => post("/api/v1/conversation/messages", body, signal),
  };
}
