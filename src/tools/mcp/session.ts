import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPError } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  type ClientRequest,
  ErrorCode,
  McpError,
  ToolListChangedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import type { Clock } from "../../core/clock.ts";
import { AppError } from "../../core/errors.ts";
import { MAY_BE_DONE } from "../may-be-done.ts";
import type { EndingTransport } from "./ending-transport.ts";
import { createHttpTransport } from "./http-transport.ts";
import type { McpServer } from "./servers-file.ts";
import { createStdioTransport } from "./stdio-transport.ts";

const CONNECT_WITHIN_MS = 30_000;
const anything = z.looseObject({});

export type McpAnswer =
  | { readonly kind: "result"; readonly result: Readonly<Record<string, unknown>> }
  /** The server's own error, in its words. */
  | { readonly kind: "said"; readonly text: string }
  /** It does not know this session, so it has done nothing; the session is over. */
  | { readonly kind: "forgotten" };

/** One connection to a server, from its greeting to its end. */
export interface McpSession {
  readonly has: {
    readonly tools: boolean;
    readonly resources: boolean;
    readonly prompts: boolean;
  };
  /** @throws AppError when there is no answer; `signal.reason`. */
  request(method: string, params: object, signal: AbortSignal): Promise<McpAnswer>;
  /** Settles with why it is over. Never rejects. */
  readonly closed: Promise<string>;
  isOver(): boolean;
  /** Settles when nothing of it runs any more. */
  close(): Promise<void>;
}

export interface SessionDeps {
  readonly clock: Clock;
  readonly version: string;
  /** The server says that it has other tools now. */
  readonly onToolsChanged: () => void;
}

/**
 * Connects. We declare nothing that a server may ask of us: no model, no person, no folders.
 * @throws AppError with why not.
 */
export async function openSession(
  deps: SessionDeps,
  server: McpServer,
  signal: AbortSignal,
): Promise<McpSession> {
  const transport = openTransport(deps.clock, server);
  const client = new Client({ name: "agent-runtime", version: deps.version }, { capabilities: {} });
  const over = Promise.withResolvers<string>();
  let isOver = false;
  const end = () => {
    isOver = true;
    over.resolve(transport.why() ?? "The connection ended.");
  };
  client.onclose = end;
  client.setNotificationHandler(ToolListChangedNotificationSchema, deps.onToolsChanged);
  const close = async () => {
    // A program takes its time to end, and no new call must meet it meanwhile.
    isOver = true;
    await client.close().catch(() => undefined);
    await transport.close().catch(() => undefined);
    end();
  };
  await client.connect(transport, limitsOf(CONNECT_WITHIN_MS, signal)).catch(async (cause) => {
    await close();
    if (signal.aborted) throw signal.reason;
    throw new AppError("unavailable", transport.why() ?? describeFailure(cause), { cause });
  });
  const has = client.getServerCapabilities();
  return {
    has: {
      tools: has?.tools !== undefined,
      resources: has?.resources !== undefined,
      prompts: has?.prompts !== undefined,
    },
    closed: over.promise,
    isOver: () => isOver,
    close,
    request: (method, params, stop) =>
      request({ client, server, isOver: () => isOver, close }, method, params, stop),
  };
}

function openTransport(clock: Clock, { transport, directory }: McpServer): EndingTransport {
  if (transport.type === "streamable_http")
    return createHttpTransport(transport.endpoint, transport.headers);
  const { command, args, env } = transport;
  return createStdioTransport(clock, { argv: [command, ...args], cwd: directory, env });
}

interface Asked {
  readonly client: Client;
  readonly server: McpServer;
  readonly isOver: () => boolean;
  readonly close: () => Promise<void>;
}

async function request(
  asked: Asked,
  method: string,
  params: object,
  signal: AbortSignal,
): Promise<McpAnswer> {
  const { client, server, close } = asked;
  const limits = limitsOf(server.timeoutMs, signal);
  return await client.request({ method, params } as ClientRequest, anything, limits).then(
    (result) => ({ kind: "result", result }),
    async (cause: unknown) => {
      if (mayStillWork(server, cause, signal)) await close();
      if (signal.aborted) throw signal.reason;
      // A server may use the codes of the library for errors of its own.
      const isSaid = cause instanceof McpError && !isTimeout(cause) && !asked.isOver();
      if (isSaid) return { kind: "said", text: cause.message };
      return await takeLoss(asked, cause);
    },
  );
}

/** A program here that nobody waits for any more would go on writing, and nobody would mark that. */
function mayStillWork({ transport }: McpServer, cause: unknown, signal: AbortSignal): boolean {
  return transport.type === "stdio" && (signal.aborted || isTimeout(cause));
}

/** @throws AppError unless it is sure that nothing was done. */
async function takeLoss({ server, close }: Asked, cause: unknown): Promise<McpAnswer> {
  if (isTimeout(cause))
    throw new AppError(
      "unavailable",
      `${server.id} gave no answer within ${server.timeoutMs / 1_000} s. ${MAY_BE_DONE}`,
      { cause },
    );
  // Whatever else was lost with it: the next call finds a new connection.
  await close();
  if (cause instanceof StreamableHTTPError && cause.code === 404) return { kind: "forgotten" };
  throw new AppError(
    "unavailable",
    `${server.id} broke off: ${describeFailure(cause)} ${MAY_BE_DONE}`,
    { cause },
  );
}

function isTimeout(error: unknown): boolean {
  if (!(error instanceof McpError) || error.code !== ErrorCode.RequestTimeout) return false;
  return typeof (error.data as { timeout?: unknown } | undefined)?.timeout === "number";
}

function limitsOf(timeoutMs: number, signal: AbortSignal) {
  return { signal, timeout: timeoutMs, maxTotalTimeout: timeoutMs };
}

/** In our words: what a server answers with is not for a log, nor for a model as ours. */
function describeFailure(error: unknown): string {
  if (error instanceof AppError) return error.message;
  if (error instanceof StreamableHTTPError) return `It answers with HTTP ${error.code ?? "?"}.`;
  if (isTimeout(error)) return `It gave no answer within ${CONNECT_WITHIN_MS / 1_000} s.`;
  if (error instanceof McpError && error.code === ErrorCode.ConnectionClosed)
    return "The connection ended.";
  const code = (error as { cause?: { code?: unknown } } | null)?.cause?.code;
  if (typeof code === "string") return `It does not answer (${code}).`;
  return "It does not speak MCP as expected.";
}
