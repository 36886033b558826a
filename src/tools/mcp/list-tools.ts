import { AppError } from "../../core/errors.ts";
import { cleanText } from "../../core/tool/clean-text.ts";
import type { ListedMcpTool } from "../../operations/record-mcp-tools.ts";
import { readDefinition } from "./read-definition.ts";
import type { McpServer } from "./servers-file.ts";
import type { McpSession } from "./session.ts";

const MOST_PAGES = 20;
const MOST_TOOLS = 100;
/** It is part of every request to a model. */
const MOST_TEXT = 30_000;
const MOST_PROBLEMS = 20;
const MOST_ON_PAGE = 1_000;
const LONGEST_ERROR = 200;
/** What we offer of its resources and prompts ourselves. */
const OURS = ["list_resources", "read_resource", "list_prompts", "get_prompt"];

export interface Listing {
  readonly tools: readonly ListedMcpTool[];
  /** What of it is left out, one sentence each. */
  readonly problems: readonly string[];
}

/** What a server has as tools now. What cannot be used is left out by itself. @throws AppError when it cannot be asked. */
export async function listTools(
  session: McpSession,
  { id: server, policy }: Pick<McpServer, "id" | "policy">,
  signal: AbortSignal,
): Promise<Listing> {
  if (!session.has.tools) return { tools: [], problems: [] };
  const raw = await listAll(session, "tools/list", "tools", signal);
  if (raw.error !== undefined)
    throw new AppError("unavailable", `It cannot list its tools: ${raw.error}`);
  const tools = new Map<string, ListedMcpTool>();
  const problems: string[] = [];
  let room = MOST_TEXT;
  for (const one of raw.items) {
    const read = readDefinition(server, one);
    const problem = "problem" in read ? read.problem : findProblem(read.tool, tools, room);
    if (problem !== undefined) problems.push(problem);
    else if ("tool" in read) {
      tools.set(read.tool.id, read.tool);
      if (policy.tools[read.tool.name] !== "off") room -= read.tool.definition.length;
    }
  }
  return { tools: [...tools.values()], problems: firstOf(problems) };
}

function firstOf(problems: readonly string[]): readonly string[] {
  const more = problems.length - MOST_PROBLEMS;
  if (more <= 0) return problems;
  return [...problems.slice(0, MOST_PROBLEMS), `${more} more of its tools are left out.`];
}

function findProblem(
  { id, name, definition }: ListedMcpTool,
  taken: ReadonlyMap<string, ListedMcpTool>,
  room: number,
): string | undefined {
  const shown = JSON.stringify(cleanText(name, 60));
  if (taken.has(id)) return `${shown} is listed twice; the first is used.`;
  if (OURS.includes(name)) return `${shown} has a name that stands for its resources or prompts.`;
  if (taken.size >= MOST_TOOLS || definition.length > room)
    return `${shown} is one too many: at most ${MOST_TOOLS} tools are used, and ${MOST_TEXT} letters of descriptions. Turn others off.`;
  return undefined;
}

/** All pages of a list, as far as anybody would read. `error`: what the server said instead, in its words. */
export async function listAll(
  server: Pick<McpSession, "request">,
  method: string,
  key: string,
  signal: AbortSignal,
): Promise<{ readonly items: readonly unknown[]; readonly error: string | undefined }> {
  const items: unknown[] = [];
  let cursor: unknown;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const params = typeof cursor === "string" ? { cursor } : {};
    const answer = await server.request(method, params, signal);
    if (answer.kind === "said") return { items, error: cleanText(answer.text, LONGEST_ERROR) };
    if (answer.kind === "forgotten") throw new AppError("unavailable", "It has forgotten us.");
    const found = answer.result[key];
    if (Array.isArray(found)) items.push(...found.slice(0, MOST_ON_PAGE));
    cursor = answer.result["nextCursor"];
    if (typeof cursor !== "string") break;
  }
  return { items, error: undefined };
}
