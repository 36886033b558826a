import { RAISE_SPEND } from "../core/spend/raise-spend.ts";
import { raiseSpendTool } from "../tools/spend/raise-spend.ts";
import type { Tool } from "../tools/tool.ts";
import type { WorkDeps } from "./work-scene.ts";

/** The tool of a call that is journaled: one that a model may call, or that the runtime asked a person about itself. */
export function findTool({ toolbox }: WorkDeps, name: string): Tool | undefined {
  return name === RAISE_SPEND ? raiseSpendTool : toolbox.find(name);
}
