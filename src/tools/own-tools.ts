import { replyTool } from "./content/reply.ts";
import { raiseSpendTool } from "./spend/raise-spend.ts";
import type { Tool } from "./tool.ts";

const OWN: readonly Tool[] = [raiseSpendTool, replyTool];

/** The tool of a call that the runtime makes itself and always asks about; models neither know it nor can call it. */
export function findOwnTool(name: string): Tool | undefined {
  return OWN.find((tool) => tool.name === name);
}
