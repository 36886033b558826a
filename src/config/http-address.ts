import { isIP, isIPv6 } from "node:net";
import { AppError } from "../core/errors.ts";
import type { ListenAddress } from "../core/listen-address.ts";

const LOOPBACK = "127.0.0.1";
const HOST_NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i;

/** Reads `host:port`, `[ipv6]:port`, `:port` or `port`; without a host it is loopback, never every interface.
 *  @throws AppError `invalid_input` */
export function parseHttpAddress(text: string): ListenAddress {
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
