import type { Effect } from "../core/effect/effect.ts";
import { privateContextsOf } from "../store/queries/contexts.ts";
import type { OperationDeps } from "./operation.ts";

/** Puts where somebody asked to be let in, and every private chat with their account, into their workspace. */
export async function moveChatsOf(
  { store }: OperationDeps,
  { connector, externalUserId }: { readonly connector: string; readonly externalUserId: string },
  askedIn: { readonly id: string } | undefined,
  workspaceId: string,
): Promise<readonly Effect[]> {
  const account = { workspaceId: null, connector, account: externalUserId };
  const chats = await store.all(privateContextsOf, account);
  const ids = new Set([...(askedIn === undefined ? [] : [askedIn]), ...chats].map(({ id }) => id));
  return [...ids].map((id) => ({ type: "move-context", id, workspaceId }));
}
