import type { ConversationPage } from "../../../src/client/shapes/conversation.ts";
import type { RuntimeInfo } from "../../../src/client/shapes/info.ts";
import type { RoutedTask, RouteTaskRequest, TaskView } from "../../../src/client/shapes/task.ts";
import { request } from "./request.ts";

const PAGE_SIZE = 50;

export async function openSession(code: string, signal: AbortSignal): Promise<void> {
  await request("/api/v1/session", { method: "POST", body: { code }, signal });
}

export async function closeSession(signal: AbortSignal): Promise<void> {
  await request("/api/v1/session", { method: "DELETE", signal });
}

export async function getInfo(signal: AbortSignal): Promise<RuntimeInfo> {
  return (await request("/api/v1/info", { signal })) as RuntimeInfo;
}

/** The newest page, or the one before `cursor`. */
export async function getConversation(
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<ConversationPage> {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
  if (cursor !== undefined) query.set("before", cursor);
  return (await request(`/api/v1/conversation?${query}`, { signal })) as ConversationPage;
}

/** Hands over a message. The same `messageId` again is a no-op, so a lost answer may be asked for again. */
export async function sendMessage(
  message: { readonly messageId: string; readonly text: string; readonly isPressed?: boolean },
  signal: AbortSignal,
): Promise<void> {
  const { messageId, text, isPressed = false } = message;
  const body = { message_id: messageId, text, pressed: isPressed };
  await request("/api/v1/conversation/messages", { method: "POST", body, signal });
}

export async function listTasks(signal: AbortSignal): Promise<readonly TaskView[]> {
  const page = (await request(`/api/v1/tasks?limit=${PAGE_SIZE}`, { signal })) as {
    items: TaskView[];
  };
  return page.items;
}

export async function getTask(taskId: string, signal: AbortSignal): Promise<TaskView> {
  return (await request(`/api/v1/tasks?id=${encodeURIComponent(taskId)}`, { signal })) as TaskView;
}

export async function cancelTask(taskId: string, signal: AbortSignal): Promise<void> {
  await request("/api/v1/tasks/cancel", { method: "POST", body: { task_id: taskId }, signal });
}

export async function retryTask(taskId: string, signal: AbortSignal): Promise<void> {
  await request("/api/v1/tasks/retry", { method: "POST", body: { task_id: taskId }, signal });
}

export async function routeTask(body: RouteTaskRequest, signal: AbortSignal): Promise<RoutedTask> {
  return (await request("/api/v1/tasks/route", { method: "POST", body, signal })) as RoutedTask;
}
