import type { ContextSettings } from "../core/effect/context-effect.ts";
import type { EffectOf } from "../core/effect/effect.ts";
import type { ContextRow } from "../store/queries/contexts.ts";

/** What holds in a conversation where admins said nothing. */
export const NOTHING_SET = {
  supervision: null,
  prompt: null,
  addressing: null,
  isTriaged: false,
} as const;

/** The effect that changes some of what holds in a conversation and leaves the rest as it was read. */
export function changeContext(
  row: ContextRow,
  change: Partial<ContextSettings>,
): EffectOf<"change-context"> {
  return {
    type: "change-context",
    id: row.id,
    fromVersion: row.version,
    workspaceId: row.workspace_id,
    supervision: supervisionOf(row),
    prompt: row.prompt,
    addressing: row.addressing,
    isTriaged: row.is_triaged === 1,
    ...change,
  };
}

/** Of what admins are told in a conversation; `null`: of nothing. */
export function supervisionOf(row: ContextRow): ContextSettings["supervision"] {
  if (row.is_admin === 0 || row.admin_user_id === null) return null;
  return { of: row.is_hub === 1 ? "hub" : "workspace", userId: row.admin_user_id };
}
