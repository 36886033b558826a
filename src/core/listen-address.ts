export interface ListenAddress {
  /** A host name or an IP address, IPv6 without brackets. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** Whether an address a socket is really bound to can be reached from this machine only. */
export function isLoopbackAddress(address: string): boolean {
  return address === "::1" || /^(::ffff:)?127(\.\d{1,3}){3}$/.test(address);
}

/** Whether a URL names this machine. A name that only resolves to it is not taken for it. */
export function isLoopbackUrl(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
  return host === "localhost" || isLoopbackAddress(host);
}

/** `127.0.0.1:8080`, with brackets around an IPv6 address. */
export function formatAddress({ host, port }: ListenAddress): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The URL by which this machine reaches a bound address: a wildcard is bound, not asked. */
export function localUrl({ host, port }: ListenAddress): string {
  const reachable = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${formatAddress({ host: reachable, port })}`;
}
