/** What a note is about: this conversation, or all of its workspace. */
export type MemoryScope = "conversation" | "workspace";

/** Larger ones are neither written nor told. */
export const LARGEST_MEMORY_BYTES = 32_000;

/** Where notes lie in the folder of a workspace. Those that others' words went into have a file of their own. */
export function memoryPath(scope: MemoryScope, contextId: string, isTainted: boolean): string {
  const base = scope === "workspace" ? "memory/workspace" : `memory/contexts/${contextId}`;
  return `${base}${isTainted ? ".from-others" : ""}.md`;
}
