import { z } from "zod";
import { canonicalJson } from "../../core/approval/approval.ts";
import { sha256Hex } from "../../core/ids.ts";
import { cleanText } from "../../core/tool/clean-text.ts";
import type { ListedMcpTool } from "../../operations/record-mcp-tools.ts";
import { mcpToolName } from "./tool-name.ts";

const LONGEST_NAME = 200;
const LONGEST_DESCRIPTION = 2_000;
const LONGEST_SCHEMA = 16_000;
const LONGEST_TEXT = 1_000;
const DEEPEST = 12;
/** Providers refuse a request with another name in it. */
const PROPERTY = /^[A-Za-z0-9_.-]{1,64}$/;

const listed = z.looseObject({
  name: z.string().min(1).max(LONGEST_NAME),
  description: z.string().optional(),
  inputSchema: z.looseObject({ type: z.literal("object") }),
});

const definition = z.strictObject({
  description: z.string(),
  inputSchema: z.looseObject({ required: z.array(z.string()).optional() }),
});
export type McpToolText = z.infer<typeof definition>;

/** What is kept of a definition that was pinned. */
export function parseDefinition(text: string): McpToolText {
  return definition.parse(JSON.parse(text));
}

/**
 * A tool as a server lists it, with what a model and a person may be shown of it. Hints about what it does are left out:
 * a hostile server writes them too. `problem`: why it cannot be used.
 */
export function readDefinition(
  server: string,
  raw: unknown,
): { readonly tool: ListedMcpTool } | { readonly problem: string } {
  const read = listed.safeParse(raw);
  if (!read.success) return { problem: `${nameOf(raw)} is no tool with a schema of an object.` };
  const { name, description = "", inputSchema } = read.data;
  const schema = cleanSchema(inputSchema, 0);
  if (schema === undefined) return { problem: `${nameOf(raw)} has a schema that cannot be used.` };
  const text = canonicalJson({
    description: cleanText(description, LONGEST_DESCRIPTION),
    inputSchema: schema,
  });
  if (text.length > LONGEST_SCHEMA) return { problem: `${nameOf(raw)} has too long a schema.` };
  return {
    tool: {
      id: mcpToolName(server, name),
      name,
      definition: text,
      digest: sha256Hex(canonicalJson({ name, text })),
    },
  };
}

function nameOf(raw: unknown): string {
  const name = (raw as { name?: unknown } | null)?.name;
  return typeof name === "string"
    ? JSON.stringify(cleanText(name, 60))
    : "Something without a name";
}

/** A copy with every text in it cleaned; `undefined` when it cannot be offered to a model. */
function cleanSchema(value: unknown, depth: number): unknown {
  if (depth > DEEPEST) return undefined;
  if (typeof value === "string") return cleanText(value, LONGEST_TEXT);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return allOf(value.map((one) => cleanSchema(one, depth + 1)));
  const entries = Object.entries(value).map(([key, one]) => [
    key,
    PROPERTY.test(key.replace(/^\$/, "")) ? cleanSchema(one, depth + 1) : undefined,
  ]);
  return entries.some(([, one]) => one === undefined) ? undefined : Object.fromEntries(entries);
}

function allOf(values: readonly unknown[]): readonly unknown[] | undefined {
  return values.includes(undefined) ? undefined : values;
}
