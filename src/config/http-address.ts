import { isIP, isIPv6 } from "node:net";
import { AppError } from "../core/errors.ts";

/** Where the HTTP server listens. Port 0 lets the system choose one. */
export interface HttpAddress {
  /** A host name or an IP address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

const LOOPBACK = "127.0.0.1";
const HOST_NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;

/** Reads `host:port`, `[ipv6]:port`, `:port` or `port`; without a host it is loopback, never every interface.
 *  @throws AppError `invalid_input` */
export function parseHttpAddress(text: string): HttpAddress {
  const match = /^(?:(?:\[(?<ipv6>[^\]]+)\]|(?<name>[^:[\]]*)):)?(?<port>\d{1,5})$/.exec(
    text.trim(),
  );
  const { ipv6, name, port: digits } = match?.groups ?? {};
  const host = ipv6 ?? (name || LOOPBACK);
  const port = Number(digits);
  const isHost = ipv6 === undefined ? isIP(host) === 4 || HOST_NAME.test(host) : isIPv6(host);
  if (match === null || !isHost || port > 65_535) {
    throw new AppError(
      "invalid_input",
      "This is not an address such as 127.0.0.1:8080 or [::1]:8080.",
    );
  }
  return { host, port };
}

export function formatHttpAddress({ host, port }: HttpAddress): string {
  return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
}

/** The URL by which a program on this machine reaches a server that listens there. */
export function localUrl({ host, port }: HttpAddress): string {
  const reachable = host === "0.0.0.0" ? LOOPBACK : host === "::" ? "::1" : host;
  return `http://${formatHttpAddress({ host: reachable, port })}`;
}
