import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { Clock } from "../core/clock.ts";
import { AppError } from "../core/errors.ts";
import {
  formatAddress,
  isLoopbackAddress,
  type ListenAddress,
  localUrl,
} from "../core/listen-address.ts";
import type { Log } from "../core/log.ts";
import { isOwnHost } from "./check-origin.ts";
import { type ConnectionLimit, limitConnections } from "./connection-limit.ts";
import { errorResponse } from "./error-response.ts";
import { refuseRequest, refuseUnreadable } from "./refuse-request.ts";

const MAX_CONNECTIONS = 2_000;
/** How long open answers may take to end when the service stops. */
const GRACE_MS = 2_000;
/** A request head is a single packet; who takes longer holds a place that others need. */
const SERVER_OPTIONS = {
  headersTimeout: 5_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 1_000,
  // Node would answer without a body; the host is checked here for every request.
  requireHostHeader: false,
};

const TOO_MANY = {
  code: "unavailable",
  error: "Too many connections are open. Try again in a minute.",
} as const;
const NO_HOST = {
  code: "invalid_input",
  error: "The header Host is missing. Send the name or address under which you reach this service.",
} as const;
const FOREIGN_HOST = {
  code: "access_denied",
  error: "This host name is not known here. Add it to AGENT_RUNTIME_ALLOWED_HOSTS if it is yours.",
} as const;

export interface HttpServerOptions {
  readonly address: ListenAddress;
  readonly allowRemote: boolean;
  readonly allowedHosts: readonly string[];
  /** How many connections may be open over the whole server; 2,000 unless it is given. */
  readonly maxConnections?: number;
  readonly clock: Clock;
  readonly log: Log;
  fetch(request: Request, env: unknown): Promise<Response> | Response;
}

export interface HttpServer {
  readonly bound: ListenAddress;
  /** Takes no new request, lets open ones end for two seconds, then cuts them. */
  close(): Promise<void>;
}

/** Binds and listens. Foreign Host headers are turned away before anything else sees them. */
export async function listen(options: HttpServerOptions): Promise<HttpServer> {
  const { clock, log } = options;
  const answer = getRequestListener((request, env) => options.fetch(request, env), {
    overrideGlobalObjects: false,
    errorHandler: (error) =>
      errorResponse(
        new AppError("invalid_input", "This is no valid HTTP request.", { cause: error }),
        log,
      ),
  });
  let ownHosts = options.allowedHosts;
  const server = createServer(SERVER_OPTIONS, (incoming, outgoing) => {
    const { host } = incoming.headers;
    if (connections.refuses(incoming)) refuseRequest(outgoing, TOO_MANY);
    else if (isOwnHost(host, ownHosts)) void answer(incoming, outgoing);
    else refuseRequest(outgoing, host === undefined ? NO_HOST : FOREIGN_HOST);
  });
  refuseUnreadable(server);
  const limit = options.maxConnections ?? MAX_CONNECTIONS;
  const connections = limitConnections(server, { limit, clock, log });
  await bind(server, options.address);
  const { address, port } = server.address() as AddressInfo;
  if (!isLoopbackAddress(address) && !options.allowRemote) {
    await new Promise((resolve) => server.close(resolve));
    throw new AppError(
      "invalid_input",
      `${formatAddress({ host: address, port })} can be reached from other machines. Set AGENT_RUNTIME_ALLOW_REMOTE=true if you want that, or AGENT_RUNTIME_HTTP_ADDR to a loopback address.`,
    );
  }
  const bound = { host: address, port };
  // The address that was set is what the printed link says. No other site can have it for its name.
  ownHosts = [...options.allowedHosts, new URL(localUrl(bound)).hostname];
  return { bound, close: () => closeServer(server, connections, clock) };
}

function bind(server: Server, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(bindError(error, { host, port })));
    server.listen({ host, port }, resolve);
  });
}

const BIND_PROBLEMS: Readonly<Record<string, string>> = {
  EADDRINUSE: "is already taken. Stop what uses it",
  EACCES: "may not be used by this account. Take a port above 1023",
  EADDRNOTAVAIL: "is not an address of this machine. Correct it",
  ENOTFOUND: "is not a host name this machine knows. Correct it",
};

function bindError(error: NodeJS.ErrnoException, address: ListenAddress): AppError {
  const problem = BIND_PROBLEMS[error.code ?? ""] ?? "cannot be listened on. Correct it";
  return new AppError(
    "unavailable",
    `${formatAddress(address)} ${problem}, or set AGENT_RUNTIME_HTTP_ADDR to another address.`,
    { cause: error },
  );
}

async function closeServer(
  server: Server,
  connections: ConnectionLimit,
  clock: Clock,
): Promise<void> {
  const closed = new AbortController();
  const waiting = new Promise<void>((resolve) => server.close(() => resolve())).finally(() =>
    closed.abort(),
  );
  connections.close();
  const cut = clock.sleep(GRACE_MS, closed.signal).then(
    () => server.closeAllConnections(),
    () => undefined,
  );
  await Promise.all([waiting, cut]);
}
