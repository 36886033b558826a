/** What an MCP server says of a tool, as a model is told it. */
interface McpDefinition {
  readonly definition: string;
  /** SHA-256 of it. */
  readonly digest: string;
}

/** Which tools of MCP servers may be used, and as what: what a server says later must be approved. */
export type McpToolEffect =
  /** A tool that was not there before. `isApproved`: it came with the server, which the operator has enabled. */
  | ({
      readonly type: "pin-mcp-tool";
      /** Its full name: `mcp_<server>__<tool>`. */
      readonly id: string;
      readonly server: string;
      /** As the server calls it. */
      readonly name: string;
      readonly isApproved: boolean;
    } & McpDefinition)
  /** The server says something else of it: it waits. `null`: it says what was approved again. Conflict when the row moved on. */
  | {
      readonly type: "change-mcp-tool";
      readonly id: string;
      readonly fromVersion: number;
      readonly to: McpDefinition | null;
    }
  /** Conflict unless exactly this waits. */
  | {
      readonly type: "approve-mcp-tool";
      readonly id: string;
      readonly digest: string;
      readonly approvedBy: string;
    };
