import { replyTool } from "./content/reply.ts";
import { raiseSpendTool } from "./spend/raise-spend.ts";
import type { Tool } from "./tool.ts";

/** What the runtime calls itself and always asks about; models neither know it nor can call it. */
export const OWN_TOOLS: readonly Tool[] = [raiseSpendTool, replyTool];

export function findOwnTool(name: string): Tool | undefined {
  return OWN_TOOLS.find((tool) => tool.name === name);
}
