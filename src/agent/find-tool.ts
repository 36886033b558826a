import { findOwnTool } from "../tools/own-tools.ts";
import type { Tool } from "../tools/tool.ts";
import type { WorkDeps } from "./work-scene.ts";

/** The tool of a call that is journaled: one that a model may call, or that the runtime asked a person about itself. */
export function findTool({ toolbox }: WorkDeps, name: string): Tool | undefined {
  return findOwnTool(name) ?? toolbox.find(name);
}
