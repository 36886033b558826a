import { z } from "zod";
import type { Tool } from "./tool.ts";

/** What a model is told of a tool. */
export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema */
  readonly inputSchema: object;
}

/** The tools there are, by name. */
export interface Toolbox {
  find(name: string): Tool | undefined;
  /** In the order of their names, so that the same tools make the same request. */
  readonly offered: readonly OfferedTool[];
}

/** @throws Error when two tools have one name: that is a slip of ours. */
export function createToolbox(tools: readonly Tool[]): Toolbox {
  const byName = new Map<string, Tool>();
  for (const tool of tools) {
    if (byName.has(tool.name)) throw new Error(`two tools are called ${tool.name}`);
    byName.set(tool.name, tool);
  }
  const offered = [...byName.values()]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, description, input }) => ({
      name,
      description,
      inputSchema: z.toJSONSchema(input, { io: "input" }),
    }));
  return { find: (name) => byName.get(name), offered };
}
