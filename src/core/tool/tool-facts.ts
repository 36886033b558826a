/** The room a tool belongs to, by which it is listed and switched. */
export const TOOL_CLASSES = [
  "content",
  "code",
  "filesystem",
  "network",
  "admin",
  "mcp",
  "plugin",
  "spend",
] as const;
export type ToolClass = (typeof TOOL_CLASSES)[number];

/** What a call does to the world. Only `read` and `fetch` may be done again without asking when nobody knows how they ended. */
export const EFFECT_KINDS = ["read", "fetch", "write", "send", "execute", "spend"] as const;
export type EffectKind = (typeof EFFECT_KINDS)[number];

/**
 * How much a call may do, which is what the policy asks about. `read`: look into the workspace, or write its `scratch/`.
 * `fetch`: read an address outside. `write`: elsewhere in the workspace, memory, a task. `guarded`: an objective, a skill, a
 * sandboxed command without network. `outward`: mail, posts, webhooks, what others' servers change, commands with network
 * or without a sandbox.
 */
export const SENSITIVITIES = ["read", "fetch", "write", "guarded", "outward"] as const;
export type Sensitivity = (typeof SENSITIVITIES)[number];

/** Mail and posts to others: once they are out nobody can take them back. */
export function isPost(effect: EffectKind, sensitivity: Sensitivity): boolean {
  return effect === "send" && sensitivity === "outward";
}

export const REPEATABLE: readonly EffectKind[] = ["read", "fetch"];
