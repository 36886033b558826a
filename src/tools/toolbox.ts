import { z } from "zod";
import type { Tool } from "./tool.ts";

/** What a model is told of a tool. */
export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema */
  readonly inputSchema: object;
}

/** Tools that come and go while we run, such as those of connected servers. */
export interface ToolSource {
  list(): readonly Tool[];
  /** Whether a workspace goes without a tool of it. @throws AppError when nothing of it is to be used there. */
  readWithout(workspace: string): Promise<(tool: Tool) => boolean>;
}

/** The tools there are, by name. */
export interface Toolbox {
  find(name: string): Tool | undefined;
  /** In the order of their names, so that the same tools make the same request. */
  readonly offered: readonly OfferedTool[];
  /** The same without what a workspace goes without. */
  in(workspace: string): Promise<Toolbox>;
}

/** @throws Error when two tools have one name: that is a slip of ours. */
export function createToolbox(
  tools: readonly Tool[],
  sources: readonly ToolSource[] = [],
): Toolbox {
  const fixed = new Map<string, Tool>();
  for (const tool of tools) {
    if (fixed.has(tool.name)) throw new Error(`two tools are called ${tool.name}`);
    fixed.set(tool.name, tool);
  }
  return openToolbox(fixed, sources);
}

function openToolbox(
  fixed: ReadonlyMap<string, Tool>,
  sources: readonly Pick<ToolSource, "list" | "readWithout">[],
): Toolbox {
  const changing = () => sources.flatMap((source) => source.list());
  return {
    find: (name) => fixed.get(name) ?? changing().find((tool) => tool.name === name),
    get offered() {
      // What is ours keeps its name, whatever comes.
      const others = changing().filter(({ name }) => !fixed.has(name));
      return [...fixed.values(), ...others]
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .map(offer);
    },
    in: async (workspace) =>
      openToolbox(fixed, await Promise.all(sources.map((source) => narrow(source, workspace)))),
  };
}

async function narrow(source: ToolSource, workspace: string): Promise<ToolSource> {
  const isWithout = await source.readWithout(workspace).catch(() => () => true);
  return { ...source, list: () => source.list().filter((tool) => !isWithout(tool)) };
}

const offers = new WeakMap<Tool, OfferedTool>();

/** What a model is told of this tool. */
export function offer(tool: Tool): OfferedTool {
  const { name, description, input } = tool;
  const known = offers.get(tool);
  if (known !== undefined) return known;
  const inputSchema = tool.inputSchema ?? z.toJSONSchema(input, { io: "input" });
  const offered = { name, description, inputSchema };
  offers.set(tool, offered);
  return offered;
}
