import { lookup as resolve } from "node:dns/promises";
import { type IncomingHttpHeaders, type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { AppError } from "../../core/errors.ts";
import { MAY_BE_DONE } from "../may-be-done.ts";
import { isPublicAddress } from "./is-public-address.ts";

const MOST_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

export interface OutgoingRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** More is cut off, and said to be. */
  readonly mostBytes: number;
  /** A redirect is the answer: what was meant for one address is told no other. */
  readonly stopsAtRedirect?: true;
}

export interface OutgoingAnswer {
  /** Where it came from in the end. */
  readonly url: string;
  readonly status: number;
  readonly contentType: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly isCut: boolean;
}

export interface Network {
  /** `host` or `host:port`, lower case: what may be reached although it is not on the open internet. */
  readonly allowedHosts: readonly string[];
  readonly resolve?: (host: string) => Promise<readonly string[]>;
}

/**
 * Sends a request to the open internet and nowhere else: a name is resolved once, every address it has must be public,
 * and the connection goes to the address that was looked at. The same holds for every redirect.
 * @throws AppError `invalid_input` for an address that may not be asked, `unavailable` when nobody answers; `signal.reason`.
 */
export async function sendRequest(
  network: Network,
  request: OutgoingRequest,
  signal: AbortSignal,
): Promise<OutgoingAnswer> {
  let next = request;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
    try {
      const came = await hop(network, next, signal);
      if ("status" in came) return came;
      next = came;
    } catch (error) {
      throw hops === 0 || signal.aborted ? error : asRedirected(error, request);
    }
  }
  throw refuse(request.url, `redirects more than ${MOST_REDIRECTS} times`);
}

/** The answer, or what it wants to be asked instead. */
async function hop(
  network: Network,
  request: OutgoingRequest,
  signal: AbortSignal,
): Promise<OutgoingAnswer | OutgoingRequest> {
  const target = parseTarget(request.url);
  const answer = await askOnce(network, request, target, signal);
  const { statusCode = 0, headers } = answer;
  const isFollowed = request.stopsAtRedirect !== true && REDIRECTS.includes(statusCode);
  if (headers.location === undefined || !isFollowed)
    return await readAnswer(answer, target, request, signal);
  answer.destroy();
  return redirected(request, target, statusCode, headers.location);
}

/** Where a server sends us to is words of its own: whoever reads what went wrong is not told them. */
function asRedirected(error: unknown, { url, method }: OutgoingRequest): unknown {
  if (!(error instanceof AppError)) return error;
  const what =
    error.code === "invalid_input"
      ? "redirects to an address that may not be asked"
      : "redirects to a server that does not answer";
  return new AppError(error.code, inDoubt(`${quote(url)} ${what}.`, method), { cause: error });
}

/** As browsers do it. What was meant for one place is not told another. */
function redirected(
  request: OutgoingRequest,
  from: URL,
  status: number,
  location: string,
): OutgoingRequest {
  if (!URL.canParse(location, from.href)) throw refuse(from.href, "redirects to no address");
  const to = new URL(location, from.href);
  const isRead = status === 303 || (status < 303 && request.method === "POST");
  return {
    ...request,
    url: to.href,
    ...(isRead ? { method: "GET", body: undefined } : {}),
    headers: to.origin === from.origin ? request.headers : withoutSecrets(request.headers),
  };
}

/** @throws AppError when it is no address that could be asked at all. */
export function parseTarget(text: string): URL {
  if (!URL.canParse(text))
    throw refuse(text, "is no address. Give it whole, such as https://example.com/");
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw refuse(text, "is neither http:// nor https://");
  if (url.username !== "" || url.password !== "")
    throw refuse(text, "has a user name or password in it");
  return url;
}

/**
 * The same for what a call is about, before anybody is asked about it: an address that says by itself that it is not on
 * the open internet. Where a name leads is found out when it is called. @throws AppError as above.
 */
export function parseOpenTarget(network: Network, text: string): URL {
  const url = parseTarget(text);
  const host = hostOf(url);
  const isInside = isIP(host) === 0 ? /(?:^|\.)localhost$/.test(host) : !isPublicAddress(host);
  if (isInside && !isAllowed(network, url)) throw notOpen(url);
  return url;
}

function isAllowed({ allowedHosts }: Network, url: URL): boolean {
  return allowedHosts.includes(hostOf(url)) || allowedHosts.includes(url.host);
}

/** Without the marks around an IPv6 address and at the end of a whole name. */
function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
}

function notOpen(url: URL): AppError {
  return refuse(
    url.href,
    "is not on the open internet. AGENT_RUNTIME_TOOLS_ALLOWED_HOSTS can allow its host",
  );
}

async function askOnce(
  network: Network,
  { method, headers, body }: OutgoingRequest,
  target: URL,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const address = await findAddress(network, target);
  const send = target.protocol === "https:" ? tlsRequest : plainRequest;
  const lookup: LookupFunction = (_host, options, done) => {
    const family = address.includes(":") ? 6 : 4;
    if (options.all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
  return await new Promise<IncomingMessage>((answered, failed) => {
    const sent = send(target, {
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
      },
      lookup,
      // A connection of its own: a kept one would lead where nobody has looked.
      agent: false,
      signal,
    });
    let isConnected = false;
    sent.once("socket", (socket) => {
      socket.once(target.protocol === "https:" ? "secureConnect" : "connect", () => {
        isConnected = true;
      });
    });
    sent.once("response", answered);
    sent.once("error", (cause: NodeJS.ErrnoException) => {
      const what = `${target.host} does not answer (${cause.code ?? "broken connection"}).`;
      // Before that nobody has been told anything.
      const words = isConnected ? inDoubt(what, method) : what;
      failed(signal.aborted ? signal.reason : new AppError("unavailable", words, { cause }));
    });
    sent.end(body);
  });
}

/** What is more than a read may have been done, whatever came back. */
function inDoubt(what: string, method: string): string {
  return method === "GET" || method === "HEAD" ? what : `${what} ${MAY_BE_DONE}`;
}

async function findAddress(network: Network, url: URL): Promise<string> {
  const { resolve: ask = resolveAll } = network;
  const addresses = await ask(hostOf(url)).catch(() => []);
  const [first] = addresses;
  if (first === undefined) throw new AppError("unavailable", `${url.host} has no address.`);
  if (!isAllowed(network, url) && !addresses.every(isPublicAddress)) throw notOpen(url);
  return first;
}

async function resolveAll(host: string): Promise<readonly string[]> {
  return (await resolve(host, { all: true, verbatim: true })).map(({ address }) => address);
}

async function readAnswer(
  answer: IncomingMessage,
  url: URL,
  { method, mostBytes }: OutgoingRequest,
  signal: AbortSignal,
): Promise<OutgoingAnswer> {
  const bytes = await collect(answer, mostBytes)
    .catch((cause: unknown) => {
      signal.throwIfAborted();
      const what = `${url.host} broke off its answer.`;
      throw new AppError("unavailable", inDoubt(what, method), { cause });
    })
    .finally(() => answer.destroy());
  return {
    url: url.href,
    status: answer.statusCode ?? 0,
    contentType: answer.headers["content-type"] ?? "",
    headers: answer.headers,
    body: bytes.subarray(0, mostBytes),
    isCut: bytes.length > mostBytes,
  };
}

/** A little more than `mostBytes` at most, so that it shows when there is more. */
async function collect(answer: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes) break;
  }
  return Buffer.concat(chunks);
}

function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !/^(authorization|cookie|proxy-|x-.*(key|token|auth))/i.test(name),
    ),
  );
}

function refuse(url: string, what: string): AppError {
  return new AppError("invalid_input", `${quote(url)} ${what}.`);
}

function quote(url: string): string {
  return JSON.stringify(url.slice(0, 200));
}
