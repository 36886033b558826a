import { sha256Hex } from "../../core/ids.ts";

/** What every provider of models takes. */
const LONGEST_NAME = 64;
const HASH_LENGTH = 8;

/** What a tool of a server is called here. Whatever is not plain, or too long, gets a name that nothing else has. */
export function mcpToolName(server: string, tool: string): string {
  const plain = `mcp_${server}__${tool}`;
  if (plain.length <= LONGEST_NAME && /^[A-Za-z0-9_-]+$/.test(tool)) return plain;
  const base = plain.replace(/[^A-Za-z0-9_-]+/gu, "_").slice(0, LONGEST_NAME - HASH_LENGTH - 1);
  return `${base}_${sha256Hex(tool).slice(0, HASH_LENGTH)}`;
}
