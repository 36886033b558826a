import type { EpochMs } from "../../core/clock.ts";
import type { Version } from "./column.ts";

export interface McpToolsTable {
  /** Its full name. */
  id: string;
  server: string;
  /** As the server calls it. */
  name: string;
  /** JSON, as approved; null with its digest while nothing of the tool is. */
  definition: string | null;
  digest: string | null;
  /** What the server says now and nobody has approved. The tool cannot be used as long as it is there. */
  waiting_definition: string | null;
  waiting_digest: string | null;
  /** `Actor.id`; null: it came with a server that the operator enabled. */
  approved_by: string | null;
  approved_at_ms: EpochMs | null;
  created_at_ms: EpochMs;
  version: Version;
}
