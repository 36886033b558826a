import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import { describeIssues } from "../describe-issues.ts";
import { readText } from "../filesystem/read-file.ts";
import { parseWorkspacePath } from "../filesystem/workspace-path.ts";
import { serverId } from "./servers-file.ts";

/** No tool writes there. */
const FILE = "context/mcp/servers.json";

/** Says what is off and can say nothing else: whoever writes it can only take away. */
const file = z.strictObject({
  schema_version: z.literal("v1").optional(),
  servers: z.array(
    z.strictObject({
      id: serverId,
      enabled: z.literal(false).optional(),
      policy: z.strictObject({ tools: z.record(z.string(), z.literal("off")) }).optional(),
    }),
  ),
});

/** Which tools of which servers a workspace goes without. */
export interface Narrowing {
  /** `tool`: as the server calls it. */
  isOff(server: string, tool: string): boolean;
}

/** @throws AppError `invalid_input` when the file is there and cannot be read: then nothing of MCP is to be used there. */
export async function readNarrowing(workspace: string): Promise<Narrowing> {
  const text = await readText(workspace, parseWorkspacePath(FILE)).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "not_found") return '{"servers":[]}';
    throw unusable(error instanceof AppError ? error.message : "It cannot be read.");
  });
  const read = file.safeParse(parseJson(text));
  if (!read.success) throw unusable(describeIssues(read.error));
  const { servers } = read.data;
  return {
    isOff: (server, tool) =>
      servers.some(
        ({ id, enabled, policy }) =>
          id === server &&
          (enabled === false || (policy !== undefined && Object.hasOwn(policy.tools, tool))),
      ),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No object: it is refused as that.
    return undefined;
  }
}

function unusable(why: string): AppError {
  return new AppError(
    "invalid_input",
    `MCP servers cannot be used in this workspace until a person mends ${FILE}, which can only turn servers and tools off: ${why}`,
  );
}
