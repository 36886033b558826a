import { AppError } from "../../core/errors.ts";
import { bold, buttons, code, codeBlock, doc, p } from "../../core/rich-text/build.ts";
import type { RichText } from "../../core/rich-text/rich-text.ts";
import { shorten } from "../../core/shorten.ts";
import { approveMcpTool } from "../../operations/approve-mcp-tool.ts";
import { listWaitingMcpTools } from "../../operations/list-waiting-mcp-tools.ts";
import type { McpToolRow } from "../../store/queries/mcp-tools.ts";
import type { Command, CommandCall, CommandResult } from "./command.ts";

const MOST_SHOWN = 5;
const LONGEST_DEFINITION = 1_500;
const SHOWN_DIGEST = 12;

export const mcpCommand: Command = {
  name: "mcp",
  aliases: [],
  args: "[approve <tool> <digest>]",
  summary: "Show tools of MCP servers that are new or changed, and let one be used as it is shown",
  permission: "manage:tools",
  isOursToOffer: true,
  run: async (call) => {
    const [word = "", tool = "", digest = "", ...rest] = call.args.trim().split(/\s+/u);
    if (word === "") return await listWaiting(call);
    if (word.toLowerCase() !== "approve" || digest === "" || rest.length > 0)
      throw new AppError("invalid_input", "Send it as: /mcp [approve <tool> <digest>]");
    return await approve(call, tool, digest);
  },
};

async function listWaiting({ deps, facts, extensions }: CommandCall): Promise<CommandResult> {
  const tools = await listWaitingMcpTools(deps, facts.actor, { limit: MOST_SHOWN + 1 });
  const changed = extensions
    .listChangedFiles()
    .map((file) => p(code(file), " has changed. Restart the service to use it."));
  if (tools.length === 0)
    return { reply: doc(...changed, p("No tool of an MCP server waits for an approval.")) };
  const more = tools.length > MOST_SHOWN ? [p("There are more: decide these first.")] : [];
  return { reply: doc(...changed, ...tools.slice(0, MOST_SHOWN).flatMap(formatWaiting), ...more) };
}

/** What the server says is shown as code, which nobody reads as ours. */
function formatWaiting(row: McpToolRow): RichText {
  const { id, definition, waiting_definition: waiting, waiting_digest: digest } = row;
  const command = `/mcp approve ${id} ${(digest ?? "").slice(0, SHOWN_DIGEST)}`;
  return doc(
    p(bold(definition === null ? "New: " : "Changed: "), code(id)),
    p("Its server says:"),
    codeBlock(show(waiting), "json"),
    ...(definition === null ? [] : [p("Approved was:"), codeBlock(show(definition), "json")]),
    p("Until it is approved it cannot be used: ", code(command)),
    buttons({ label: "Let it be used so", command }),
  );
}

function show(definition: string | null): string {
  const text = JSON.stringify(JSON.parse(definition ?? "{}"), null, 2);
  if (text.length <= LONGEST_DEFINITION) return text;
  return `${shorten(text, LONGEST_DEFINITION)}\n(All of it: agent-runtime mcp list)`;
}

async function approve(
  { deps, facts }: CommandCall,
  tool: string,
  digest: string,
): Promise<CommandResult> {
  const { effects, seen, id } = await approveMcpTool(deps, facts.actor, { tool, digest });
  return { reply: doc(p(code(id), " can be used, exactly as it was shown.")), effects, seen };
}
