import { createServer } from "node:net";
import { type Check, fail, ok, warn } from "../check.ts";

const NAME = "service";
const ANSWER_WITHIN_MS = 3_000;

export interface AddressOptions {
  /** What AGENT_RUNTIME_HTTP_ADDR asks for. */
  readonly host: string;
  readonly port: number;
  /** The same as a URL of this machine. */
  readonly url: string;
  /** Where the last service said it listens. */
  readonly servedUrl: string | undefined;
}

/** Whether the service answers when it runs, and could listen when it does not. */
export async function checkAddress(
  address: AddressOptions,
  isRunning: boolean,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const servedUrl = address.servedUrl ?? address.url;
  if (!isRunning) return [await checkFree(address, signal)];
  return (await isAnswering(servedUrl, signal))
    ? [ok(NAME, `It is running at ${servedUrl}.`)]
    : [
        fail(
          NAME,
          `A process holds the data directory, but nothing answers at ${servedUrl}. Look at its log, or stop it and start it again.`,
        ),
      ];
}

async function checkFree({ host, port, url }: AddressOptions, signal: AbortSignal): Promise<Check> {
  const problem = await tryListen(host, port);
  if (problem === undefined)
    return ok(
      NAME,
      `It is not running. ${port === 0 ? "A free port will be taken." : `${url} is free.`}`,
    );
  if (problem !== "EADDRINUSE") {
    return fail(
      NAME,
      `${host} port ${port} cannot be listened on (${problem}). Set AGENT_RUNTIME_HTTP_ADDR to another address.`,
    );
  }
  return (await isAnswering(url, signal))
    ? warn(
        NAME,
        `An agent-runtime with another data directory answers at ${url}. Stop it, or set AGENT_RUNTIME_HTTP_ADDR to another address.`,
      )
    : fail(
        NAME,
        `${url} is taken by another program. Stop it, or set AGENT_RUNTIME_HTTP_ADDR to another address.`,
      );
}

/** The code of what is in the way, or `undefined` when the address can be had. */
function tryListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port }, () => server.close(() => resolve(undefined)));
  });
}

async function isAnswering(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    });
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null && "status" in body && body.status === "ok";
  } catch {
    return false;
  }
}
