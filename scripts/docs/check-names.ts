import { listSettings } from "../../src/config/config.ts";

/** Variables that a page speaks of and nobody reads. */
export function findUnknownVariables(page: string): readonly string[] {
  const known = new Set(listSettings().map(({ variable }) => variable));
  const named = page.match(/\bAGENT_RUNTIME_[A-Z0-9_]*[A-Z0-9]\b/g) ?? [];
  return [...new Set(named)].filter(
    (name) => !known.has(name) && !name.startsWith("AGENT_RUNTIME_TEST_"),
  );
}
