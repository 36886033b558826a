import { queueReply } from "../core/delivery/queue-reply.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import {
  adminContextsOver,
  type ContextRow,
  chatsOfAdmins,
  privateContextsOfAdmins,
} from "../store/queries/contexts.ts";
import { ownerWebContexts } from "../store/queries/deliveries.ts";
import type { OperationDeps } from "./operation.ts";

const MOST_CONTEXTS = 100;
const MOST_TOLD = 5;

/** Where it happened. */
export interface Happened {
  readonly workspaceId: string;
  /** Where it is said already; `null`: nowhere. */
  readonly toldInContextId: string | null;
  /** The task it is about. */
  readonly taskId?: string;
  /** What they are to decide on it; see `revise-cards.ts`. */
  readonly card?: string;
}

/** Says something to whoever looks after a workspace. */
export async function tellAdmins(
  deps: OperationDeps,
  body: RichText,
  { taskId, card, ...happened }: Happened,
): Promise<Decision> {
  const contexts = await findAdminContexts(deps, happened);
  const told = contexts.map((context) => sayToAdmins(deps, context, body, { taskId, card }));
  return {
    effects: told.flatMap(({ effects }) => effects),
    seen: told.flatMap(({ seen }) => seen),
  };
}

/**
 * Where whoever looks after a workspace hears of it: in every admin context over it. Where there is none, everyone who
 * looks after the runtime does: in one private conversation each. Nowhere twice.
 */
export async function findAdminContexts(
  deps: OperationDeps,
  { workspaceId, toldInContextId }: Omit<Happened, "taskId">,
): Promise<readonly ContextRow[]> {
  const over = await deps.store.all(adminContextsOver, { workspaceId });
  return over.length > 0
    ? over.filter(({ id }) => id !== toldInContextId)
    : await findPrivateContexts(deps, toldInContextId);
}

/**
 * Where they hear of it that nothing can be sent to `dead`: in the admin contexts over it and in private, but neither
 * there nor in a topic of the same chat. Who has no other chat hears of it on the page, and so does the owner beside the
 * admin contexts.
 */
export async function findContextsBeside(
  deps: OperationDeps,
  dead: ContextRow,
): Promise<readonly ContextRow[]> {
  const pages = await deps.store.all(ownerWebContexts, {});
  const over = await deps.store.all(adminContextsOver, { workspaceId: dead.workspace_id });
  const alive = over.filter((context) => !isOneChat(context, dead));
  if (alive.length > 0) return [...alive, ...pages];
  const inPrivate = await findPrivateContexts(deps, null, dead);
  return inPrivate.length > 0 ? inPrivate : pages;
}

/** A topic bears the id of its chat and its own behind a colon. */
function isOneChat(one: ContextRow, other: ContextRow): boolean {
  const [a, b] = [one, other].map(({ connector, account, external_id: id }) =>
    JSON.stringify([connector, account, id.split(":", 1)[0]]),
  );
  return a === b;
}

/** A chat rather than the page. */
async function findPrivateContexts(
  { store }: OperationDeps,
  exceptContextId: string | null,
  dead?: ContextRow,
): Promise<readonly ContextRow[]> {
  const contexts = [
    ...(await store.all(chatsOfAdmins, { limit: MOST_CONTEXTS })),
    ...(await store.all(privateContextsOfAdmins, { limit: MOST_CONTEXTS })),
  ];
  const chatsFirst = contexts.toSorted(
    (a, b) => Number(a.connector === "web") - Number(b.connector === "web"),
  );
  const told = new Map<string, ContextRow>();
  for (const context of chatsFirst) {
    if (told.has(context.user_id) || told.size === MOST_TOLD) continue;
    if (dead !== undefined && isOneChat(context, dead)) continue;
    if (contexts.some(({ id, user_id }) => id === exceptContextId && user_id === context.user_id)) {
      continue;
    }
    told.set(context.user_id, context);
  }
  return [...told.values()];
}

/** Says something in one place that `findAdminContexts` found. */
export function sayToAdmins(
  { now }: OperationDeps,
  context: ContextRow,
  body: RichText,
  {
    taskId,
    card,
  }: { readonly taskId?: string | undefined; readonly card?: string | undefined } = {},
): Decision {
  const nobodyAsked = { messageId: null, runId: null, replyToExternalId: null };
  const { id, version } = context;
  return {
    effects: [queueReply({ context, body, taskId: taskId ?? null, card, ...nobodyAsked, now })],
    seen: [{ table: "contexts", id, version }],
  };
}
