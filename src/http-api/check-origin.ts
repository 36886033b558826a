import { isLoopbackAddress } from "../core/listen-address.ts";

/** `localhost` and every loopback address: no other site can have one of these for its name. */
function isLoopbackName(name: string): boolean {
  return name === "localhost" || isLoopbackAddress(name.replace(/^\[(.*)\]$/, "$1"));
}

/** `host` and `host:port` as they stand in a Host header or an Origin, taken apart. */
function parseHost(host: string): { name: string; hostWithPort: string } | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i.exec(host);
  if (match?.[1] === undefined) return undefined;
  return { name: match[1].toLowerCase(), hostWithPort: host.toLowerCase() };
}

/**
 * Whether a Host header names this service: a loopback name with any port, or one of `allowedHosts` (with a port only
 * that port, without one any). Keeps other sites' names that resolve to this machine out.
 */
export function isOwnHost(host: string | undefined, allowedHosts: readonly string[]): boolean {
  const parsed = host === undefined ? undefined : parseHost(host);
  if (parsed === undefined) return false;
  return isLoopbackName(parsed.name) || isAllowed(parsed, allowedHosts);
}

/** Whether a browser's Origin is the page this service serves: the very host asked, or one of `allowedHosts`. */
export function isOwnOrigin(
  origin: string,
  host: string,
  allowedHosts: readonly string[],
): boolean {
  const match = /^https?:\/\/([^/]+)$/i.exec(origin);
  const parsed = match?.[1] === undefined ? undefined : parseHost(match[1]);
  if (parsed === undefined) return false;
  return parsed.hostWithPort === host.toLowerCase() || isAllowed(parsed, allowedHosts);
}

function isAllowed(
  host: { name: string; hostWithPort: string },
  allowedHosts: readonly string[],
): boolean {
  return allowedHosts.some((allowed) => {
    const wanted = allowed.toLowerCase();
    return wanted === host.name || wanted === host.hostWithPort;
  });
}
