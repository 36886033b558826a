import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { describeError } from "../../core/errors.ts";
import { SENSITIVITIES } from "../../core/tool/tool-facts.ts";
import { describeIssues } from "../describe-issues.ts";
import { fillAll, fillVariables, noteVariables, type Variables } from "../fill-variables.ts";
import { listSecrets } from "../list-secrets.ts";
import { parseJson } from "../parse-json.ts";
import { requireOutside } from "../require-outside.ts";

/** How much a tool may do, as the operator says; `off`: it is not offered. */
const sensitivity = z.enum(SENSITIVITIES).default("outward");
const LONGEST_ID = 24;

/** No double underscore, so that the name of a tool has one reading. */
export const serverId = z
  .string()
  .max(LONGEST_ID)
  .regex(/^[a-z0-9]+(?:[-_][a-z0-9]+)*$/, "lower-case letters and digits, parted by - or _");

const stdio = z.strictObject({
  type: z.literal("stdio"),
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  env: z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.string()).default({}),
});
const http = z.strictObject({
  type: z.literal("streamable_http"),
  endpoint: z.string().min(1),
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]+$/), z.string()).default({}),
});
const policy = z
  .strictObject({
    default: sensitivity,
    tools: z.record(z.string(), z.enum([...SENSITIVITIES, "off"])).default({}),
    resources: sensitivity,
    prompts: sensitivity,
  })
  .prefault({});
const server = z.strictObject({
  id: serverId,
  enabled: z.boolean().default(false),
  transport: z.discriminatedUnion("type", [stdio, http]),
  timeout_seconds: z.number().int().min(1).max(600).default(60),
  policy,
});
const file = z.strictObject({
  schema_version: z.literal("v1").optional(),
  servers: z.array(server).max(20),
});

type McpTransport = z.infer<typeof stdio> | z.infer<typeof http>;
type McpPolicy = z.infer<typeof policy>;

/** A server that the operator has enabled. */
export interface McpServer {
  readonly id: string;
  readonly transport: McpTransport;
  /** Where a program of it is started. */
  readonly directory: string;
  readonly timeoutMs: number;
  readonly policy: McpPolicy;
  /** Why it cannot be used as it stands, and what to do. */
  readonly problem: string | undefined;
}

export interface McpServers {
  readonly servers: readonly McpServer[];
  /** Why none of the file is used, and what to do. */
  readonly problem: string | undefined;
  /** Values that must not be shown. */
  readonly secrets: readonly string[];
}

export interface ServersFileOptions extends Variables {
  readonly path: string;
  readonly workspaceRoot: string;
}

const NONE: McpServers = { servers: [], problem: undefined, secrets: [] };

/** The servers that the operator has listed and enabled. Never throws; without the file there are none. */
export function readMcpServers(options: ServersFileOptions): McpServers {
  try {
    const text = readFileSync(options.path, "utf8");
    requireOutside(options.path, options.workspaceRoot);
    return parse(text, options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return NONE;
    return { ...NONE, problem: `${options.path} is not used. ${describeError(error)}` };
  }
}

function parse(text: string, options: ServersFileOptions): McpServers {
  const read = file.safeParse(parseJson(text));
  if (!read.success) throw new Error(`Mend it: ${describeIssues(read.error)}`);
  const { servers } = read.data;
  const twice = servers.find(({ id }, at) => servers.some((one, i) => i < at && one.id === id));
  if (twice !== undefined) throw new Error(`Two servers are called ${twice.id}. Rename one.`);
  const variables = noteVariables(options);
  const enabled = servers
    .filter((one) => one.enabled)
    .map((one) => expand(one, { ...options, ...variables }));
  return {
    servers: enabled,
    problem: undefined,
    secrets: listSecrets(
      variables,
      enabled.map(({ transport }) =>
        transport.type === "stdio" ? transport.env : transport.headers,
      ),
    ),
  };
}

function expand(one: z.infer<typeof server>, options: ServersFileOptions): McpServer {
  const { id, transport, policy } = one;
  const shared = {
    id,
    directory: dirname(options.path),
    timeoutMs: one.timeout_seconds * 1_000,
    policy,
  };
  try {
    const filled = fillTransport(transport, options);
    return { ...shared, transport: filled, problem: findEndpointProblem(filled) };
  } catch (error) {
    return { ...shared, transport, problem: describeError(error) };
  }
}

function fillTransport(transport: McpTransport, variables: Variables): McpTransport {
  if (transport.type === "stdio") {
    const args = transport.args.map((text) => fillVariables(text, variables));
    return { ...transport, args, env: fillAll(transport.env, variables) };
  }
  return {
    ...transport,
    endpoint: fillVariables(transport.endpoint, variables),
    headers: fillAll(transport.headers, variables),
  };
}

function findEndpointProblem(transport: McpTransport): string | undefined {
  if (transport.type === "stdio") return undefined;
  const { endpoint } = transport;
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") {
    if (url.username === "" && url.password === "") return undefined;
    return "Its endpoint has a password in it. Put that into headers.";
  }
  return "Its endpoint is no http:// or https:// address.";
}
