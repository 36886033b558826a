import { z } from "zod";
import { AppError } from "../../core/errors.ts";
import { shorten } from "../../core/shorten.ts";
import { cleanText } from "../../core/tool/clean-text.ts";
import type { EffectKind, Sensitivity } from "../../core/tool/tool-facts.ts";
import { markWhatChanges } from "../filesystem/mark-what-changes.ts";
import { filesOfProgram, fingerprint } from "../fingerprint.ts";
import { defineTool, type Tool } from "../tool.ts";
import type { McpConnection } from "./connection.ts";
import { flattenResult } from "./flatten-result.ts";
import { readNarrowing } from "./narrowing.ts";
import type { McpToolText } from "./read-definition.ts";
import type { McpServer } from "./servers-file.ts";
import type { McpSession } from "./session.ts";

/** More than a connection is waited for. */
const BESIDE_ANSWER_MS = 25_000;
const LONGEST_SHOWN = 500;
const LONGEST_ERROR = 4_000;

/** What a server answered, in its words. */
interface Said {
  readonly text: string;
  readonly isFailure?: true;
}

/** A call of a server, as a tool. */
interface ServerCall<Input> {
  readonly name: string;
  /** By which a workspace may have it off. */
  readonly ownName: string;
  readonly description: string;
  readonly input: z.ZodType<Input>;
  readonly inputSchema?: object;
  readonly sensitivity: Sensitivity;
  describe(input: Input): string;
  /** @throws AppError when it is not to be called any more as it is. */
  requireUsable?(): void;
  ask(input: Input, server: Asked, signal: AbortSignal): Promise<Said>;
}

/** A server that is asked only as long as it is what it was when the call began. */
type Asked = Pick<McpSession, "request">;

/** Whatever it returns is a stranger's: it taints the run, errors too. A program here may write into the workspace as well. */
export function serverTool<Input>(
  server: McpServer,
  connection: McpConnection,
  call: ServerCall<Input>,
): Tool {
  const { ownName, sensitivity, requireUsable, ask, ...shown } = call;
  const { transport } = server;
  const fingerprintOf = () => fingerprint({ ownName, transport, files: filesOf(server) });
  /** A call may wait for its server, which comes back as another one. */
  function asItIs(): Asked {
    const first = fingerprintOf();
    const beforeSending = () => {
      requireUsable?.();
      if (fingerprintOf() === first) return;
      const what = `What the MCP server ${server.id} runs has changed meanwhile. It was not called.`;
      throw new AppError("conflict", what);
    };
    return {
      request: (method, params, signal) =>
        connection.request(method, params, signal, beforeSending),
    };
  }
  return defineTool<Input>({
    ...shown,
    class: "mcp",
    effect: effectOf(sensitivity),
    timeLimitMs: server.timeoutMs + BESIDE_ANSWER_MS,
    sensitivityOf: () => sensitivity,
    fingerprintOf,
    async run(input, { workspace }, signal) {
      const asked = asItIs();
      const { isOff } = await readNarrowing(workspace);
      if (isOff(server.id, ownName))
        throw new AppError("access_denied", `${shown.name} is off in this workspace.`);
      const said =
        transport.type === "stdio"
          ? await markWhatChanges(workspace, () => ask(input, asked, signal))
          : await ask(input, asked, signal);
      return { ...said, taintedBy: `the MCP server ${server.id}` };
    },
  });
}

function filesOf({ transport, directory: folder }: McpServer): readonly string[] {
  if (transport.type !== "stdio") return [];
  return filesOfProgram({ argv: [transport.command, ...transport.args], folder });
}

/** Asks a server something. Its own error is an answer too. */
export async function askServer(
  server: Asked,
  [method, params]: readonly [string, object],
  flatten: (result: Readonly<Record<string, unknown>>) => Said,
  signal: AbortSignal,
): Promise<Said> {
  const answer = await server.request(method, params, signal);
  switch (answer.kind) {
    case "result":
      return flatten(answer.result);
    case "said":
      return { text: cleanText(answer.text, LONGEST_ERROR), isFailure: true };
    case "forgotten":
      throw new AppError("unavailable", "The MCP server keeps forgetting us. Try again later.");
  }
}

/** A tool of a server, as it was approved. */
export function approvedTool(
  server: McpServer,
  connection: McpConnection,
  tool: { readonly id: string; readonly name: string; readonly text: McpToolText },
  sensitivity: Sensitivity,
  requireUsable: () => void,
): Tool {
  const { required = [] } = tool.text.inputSchema;
  return serverTool<Record<string, unknown>>(server, connection, {
    name: tool.id,
    ownName: tool.name,
    description: `A tool of the MCP server ${server.id}, which says of it: ${tool.text.description}`,
    input: argumentsWith(required),
    inputSchema: tool.text.inputSchema,
    sensitivity,
    describe: (input) =>
      `Have the MCP server ${server.id} do ${JSON.stringify(cleanText(tool.name, 80))} with ${shorten(JSON.stringify(input), LONGEST_SHOWN)}`,
    requireUsable,
    ask: (input, asked, signal) =>
      askServer(
        asked,
        ["tools/call", { name: tool.name, arguments: input }],
        (result) => ({
          text: flattenResult(result),
          ...(result["isError"] === true ? { isFailure: true } : {}),
        }),
        signal,
      ),
  });
}

/** The server checks the rest: its schema is a stranger's, and checking by it could take forever. */
function argumentsWith(required: readonly string[]): z.ZodType<Record<string, unknown>> {
  return z.record(z.string(), z.unknown()).superRefine((input, context) => {
    for (const name of required.filter((one) => !Object.hasOwn(input, one)))
      context.addIssue({ code: "custom", path: [name], message: "is missing" });
  });
}

function effectOf(sensitivity: Sensitivity): EffectKind {
  return sensitivity === "read" || sensitivity === "fetch" ? sensitivity : "send";
}
