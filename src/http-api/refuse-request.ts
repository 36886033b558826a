import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { ErrorBody } from "../client/shapes/error.ts";
import { ERROR_POLICY, type ErrorCode } from "../core/errors.ts";
import { COMMON_HEADERS, DATA_POLICY } from "./security-headers.ts";

interface Refusal {
  readonly code: ErrorCode;
  readonly error: string;
  /** Where HTTP has a closer one than the code's own. */
  readonly status?: number;
}

/** What Node's parser turns away, by its code for it. */
const UNREADABLE: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    code: "too_large",
    error: "The head of the request is too large: 16 KiB at most, address and headers together.",
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    code: "too_large",
    error: "The chunks of the body carry too much besides the body.",
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: "unavailable",
    error: "The request did not arrive whole in time. Send it again.",
  },
};

const NOT_HTTP: Refusal = { code: "invalid_input", error: "This is no valid HTTP request." };

/** Answers a request that nothing else is to see, and ends its connection. */
export function refuseRequest(outgoing: ServerResponse, refusal: Refusal): void {
  outgoing.writeHead(statusOf(refusal), headersOf(refusal)).end(bodyOf(refusal));
}

/** Gives an answer like any other to what Node would turn away by itself, without a body. */
export function refuseUnreadable(server: Server): void {
  const answering = new WeakMap<Duplex, Set<ServerResponse>>();

  server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    const open = answering.get(socket) ?? new Set();
    answering.set(socket, open.add(response));
    response.once("close", () => open.delete(response));
  });
  server.on("checkExpectation", (_request: IncomingMessage, response: ServerResponse) =>
    refuseRequest(response, {
      status: 417,
      code: "invalid_input",
      error: "Of the header Expect only 100-continue is understood.",
    }),
  );
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    const responses = [...(answering.get(socket) ?? [])];
    // In the middle of an answer another one would be taken for a part of it.
    if (!socket.writable || responses.some(({ headersSent }) => headersSent)) {
      socket.destroy();
      return;
    }
    const refusal = UNREADABLE[error.code ?? ""] ?? NOT_HTTP;
    socket.end(rawAnswer(refusal), () => socket.destroy());
  });
}

function rawAnswer(refusal: Refusal): string {
  const status = statusOf(refusal);
  const headers = Object.entries(headersOf(refusal)).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...headers];
  return `${head.join("\r\n")}\r\n\r\n${bodyOf(refusal)}`;
}

function statusOf({ status, code }: Refusal): number {
  return status ?? ERROR_POLICY[code].httpStatus;
}

function headersOf(refusal: Refusal): Record<string, string> {
  return {
    ...COMMON_HEADERS,
    "content-security-policy": DATA_POLICY,
    "cache-control": "no-store",
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(bodyOf(refusal))),
    connection: "close",
  };
}

function bodyOf({ code, error }: Refusal): string {
  const body: ErrorBody = { error, code };
  return JSON.stringify(body);
}
