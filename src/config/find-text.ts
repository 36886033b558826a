import { isIPv6 } from "node:net";
import { formatAddress, type ListenAddress, localUrl } from "../core/listen-address.ts";
import type { PlacedSetting, SettingSource } from "./config.ts";
import { parseHttpAddress } from "./http-address.ts";
import type { EnvFile } from "./parse-env-file.ts";

/** What was typed: each replaces its half of AGENT_RUNTIME_HTTP_ADDR. */
export interface ConfigFlags {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
}

export interface Found {
  readonly text: string;
  readonly source: SettingSource;
}

/** What the environment says, else `.env`. Empty means unset. */
export function findGiven(
  variable: string,
  env: Readonly<Record<string, string | undefined>>,
  file: EnvFile,
): Found | undefined {
  const fromEnvironment = env[variable]?.trim();
  if (fromEnvironment) return { text: fromEnvironment, source: "environment" };
  const fromFile = file.values.get(variable)?.trim();
  return fromFile ? { text: fromFile, source: ".env" } : undefined;
}

/** `address` with the typed halves in it. Nothing when nothing was typed, or when `address` is needed and bad:
 *  then the problem is the address, not the flags. */
export function findTypedAddress({ host, port }: ConfigFlags, address: string): Found | undefined {
  if (!host && !port) return undefined;
  const typedHost = host && isIPv6(host) ? `[${host}]` : host;
  if (typedHost && port) return { text: `${typedHost}:${port}`, source: "flag" };
  try {
    const base = parseHttpAddress(address);
    const baseHost = formatAddress(base).replace(/:\d+$/, "");
    return { text: `${typedHost || baseHost}:${port || base.port}`, source: "flag" };
  } catch {
    return undefined;
  }
}

/** The default, its `<NAME>`s replaced by their values. Nothing when there is none or one of those is bad. */
export function findDefault(
  { setting }: PlacedSetting,
  values: ReadonlyMap<string, unknown>,
): Found | undefined {
  if (setting.fallback === undefined) return undefined;
  let text = setting.fallback;
  for (const [placeholder, name = ""] of setting.fallback.matchAll(/<([A-Z_]+)>/g)) {
    const value = values.get(name);
    if (value === undefined) return undefined;
    text = text.replace(placeholder, () => describeValue(value));
  }
  return { text, source: "default" };
}

function describeValue(value: unknown): string {
  if (typeof value === "string") return value;
  return new URL(localUrl(value as ListenAddress)).host;
}
