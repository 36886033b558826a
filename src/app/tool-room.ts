import type { Log } from "../core/log.ts";
import { tokensOfTools } from "../llm/tokens-of-tools.ts";
import type { OfferedTool, Toolbox } from "../tools/toolbox.ts";

/** The room that tools take of every request. */
export interface ToolRoom {
  /** What is wrong and what to do, when they take more than half of it. */
  findProblem(): string | undefined;
  /** Logs that, once as long as it stays the same. */
  look(): void;
}

/** Of the tools that there are, before a workspace goes without some. */
export function createToolRoom(
  toolbox: Pick<Toolbox, "offered">,
  contextTokens: number,
  log: Log,
): ToolRoom {
  let logged: string | undefined;
  function findProblem(): string | undefined {
    const tokens = tokensOfTools(toolbox.offered);
    if (tokens <= contextTokens / 2) return undefined;
    return `The tools take about ${tokens} tokens of every request, which may have ${contextTokens}${dearest(toolbox.offered)}. Turn off what is not needed, or raise AGENT_RUNTIME_CONTEXT_TOKENS.`;
  }
  return {
    findProblem,
    look() {
      const problem = findProblem();
      if (problem !== undefined && problem !== logged)
        log.write("warn", "tools leave little room in requests", { detail: problem });
      logged = problem;
    },
  };
}

/** The MCP server whose tools take the most. */
function dearest(tools: readonly OfferedTool[]): string {
  const byServer = Map.groupBy(tools, ({ name }) => /^mcp_(.+?)__/u.exec(name)?.[1]);
  const [first] = [...byServer]
    .flatMap(([server, all]) => (server === undefined ? [] : [{ server, of: tokensOfTools(all) }]))
    .toSorted((a, b) => b.of - a.of);
  return first === undefined ? "" : `; those of the MCP server ${first.server} take ${first.of}`;
}
