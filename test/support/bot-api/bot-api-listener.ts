import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { BotApiError, badRequest, tooManyRequests } from "./bot-api-error.ts";
import { type BotState, METHODS } from "./bot-api-methods.ts";
import type { Fault, FaultScript } from "./faults.ts";
import { type Params, readParams } from "./read-params.ts";

export interface LoggedRequest {
  /** As the caller spelt it. */
  readonly method: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** The status answered; absent when a fault cut the answer off. */
  status?: number;
}

interface ListenerDeps {
  readonly token: string;
  readonly state: BotState;
  readonly faults: FaultScript;
  onRequest(request: LoggedRequest): void;
}

const HTML_PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>";

/** The HTTP side: token, method, parameters, faults, answer. */
export function createBotApiListener(deps: ListenerDeps): Server {
  const server = createServer((request, response) => {
    const { method, query, token, file } = readUrl(request.url ?? "");
    const fault = deps.faults.take(method);
    if (fault?.kind === "reset-before") {
      deps.onRequest({ method, values: {} });
      request.socket.resetAndDestroy();
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      const params = readParams(request, query, body);
      const logged: LoggedRequest = { method, values: params?.values ?? {} };
      deps.onRequest(logged);
      answer(deps, { request, response, params, logged, token, fault, file });
    });
    request.on("error", () => undefined);
  });
  // Idle connections must not end in the middle of a test.
  server.keepAliveTimeout = 120_000;
  return server;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly params: Params | undefined;
  readonly logged: LoggedRequest;
  readonly token: string;
  readonly fault: Fault | undefined;
  /** The path of a download; its method is `file`. */
  readonly file: string | undefined;
}

function readUrl(url: string) {
  const mark = url.indexOf("?");
  const path = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? "" : url.slice(mark + 1);
  const download = /^\/file\/bot([^/]*)\/(.+)$/.exec(path);
  if (download !== null) {
    const [token = "", file = ""] = download.slice(1).map(decodeURIComponent);
    return { token, method: "file", query, file };
  }
  const match = /^\/bot([^/]*)\/(?:test\/)?([^/]*)$/.exec(path);
  return { token: decodeURIComponent(match?.[1] ?? ""), method: match?.[2] ?? "", query };
}

function answer(deps: ListenerDeps, exchange: Exchange): void {
  const { fault } = exchange;
  const answerTruly: Reply = (status, body) => reply(exchange, status, body);
  switch (fault?.kind) {
    case undefined:
      perform(deps, exchange, answerTruly);
      break;
    case "slow":
      setTimeout(() => perform(deps, exchange, answerTruly), fault.delayMs);
      break;
    case "reset-after":
      perform(deps, exchange, () => exchange.request.socket.resetAndDestroy());
      break;
    case "broken-json":
      perform(deps, exchange, (_, body) => reply(exchange, 200, body.slice(0, -3)));
      break;
    case "stalled":
      perform(deps, exchange, (status, body) => beginReply(exchange, status, body));
      break;
    case "silent":
      if (fault.accepted === true) perform(deps, exchange, () => undefined);
      break;
    case "status":
      if (fault.accepted === true) perform(deps, exchange, () => undefined);
      fail(exchange, new BotApiError(fault.status, "Internal Server Error"));
      break;
    case "html":
      reply(exchange, fault.status, HTML_PAGE, "text/html");
      break;
    case "answer":
      reply(exchange, 200, fault.body);
      break;
    case "flood":
      fail(exchange, tooManyRequests(fault.retryAfter));
      break;
    case "refuse":
      fail(exchange, new BotApiError(fault.status, fault.description, fault.parameters));
      break;
    case "cut":
      perform(deps, exchange, (_, body) => cut(exchange, Buffer.from(body), fault.afterBytes));
      break;
    case "bytes":
      reply(exchange, 200, fault.bytes, "application/octet-stream");
      break;
    case "reset-before":
      break;
  }
}

type Reply = (status: number, body: string | Buffer) => void;

function perform(deps: ListenerDeps, exchange: Exchange, done: Reply): void {
  try {
    const { method, params } = checked(deps, exchange);
    if (exchange.file !== undefined) {
      done(200, deps.state.files.read(exchange.file));
      return;
    }
    if (method !== "getupdates") {
      const handler = METHODS[method];
      if (handler === undefined) throw new BotApiError(404, "Not Found: method not found");
      done(200, JSON.stringify({ ok: true, result: handler(deps.state, params) }));
      return;
    }
    const leave = deps.state.updates.poll(params.values, (result) => {
      if (result instanceof BotApiError) done(result.code, result.toBody());
      else done(200, JSON.stringify({ ok: true, result }));
    });
    exchange.response.on("close", leave);
  } catch (error) {
    if (!(error instanceof BotApiError)) throw error;
    done(error.code, error.toBody());
  }
}

function checked(deps: ListenerDeps, exchange: Exchange): { method: string; params: Params } {
  const { token, params, logged } = exchange;
  if (!/^\d+:[\w-]+$/.test(token)) throw new BotApiError(404, "Not Found");
  if (token !== deps.token) throw new BotApiError(401, "Unauthorized");
  if (params === undefined) throw badRequest("can't parse JSON object");
  return { method: logged.method.toLowerCase(), params };
}

function fail(exchange: Exchange, error: BotApiError): void {
  reply(exchange, error.code, error.toBody());
}

function beginReply({ response }: Exchange, status: number, body: string | Buffer): void {
  response.writeHead(status, { "content-length": Buffer.byteLength(body) });
  response.write(Buffer.from(body).subarray(0, Buffer.byteLength(body) / 2));
}

function reply(
  { response, logged }: Exchange,
  status: number,
  body: string | Buffer,
  type = "application/json",
): void {
  logged.status = status;
  if (response.destroyed) return;
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

/** Promises the whole, sends a part, and breaks the connection. */
function cut({ request, response, logged }: Exchange, body: Buffer, afterBytes: number): void {
  logged.status = 200;
  response.writeHead(200, { "content-length": body.length });
  response.write(body.subarray(0, afterBytes), () => request.socket.resetAndDestroy());
}
