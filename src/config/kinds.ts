import { z } from "zod";
import { ROLES, type Role } from "../core/access/role.ts";
import { parseMailAddress } from "../core/delivery/mail.ts";
import { formatAddress, type ListenAddress } from "../core/listen-address.ts";
import type { LogLevel } from "../core/log.ts";
import {
  formatModelRef,
  type ModelRef,
  PROVIDERS,
  type Provider,
  parseModelRef,
} from "../core/model/model-ref.ts";
import { TOOL_CLASSES, type ToolClass } from "../core/tool/tool-facts.ts";
import { parseHttpAddress } from "./http-address.ts";

/** How the text of a variable is read, described and shown again. */
export interface Kind<Value> {
  /** Ends the sentence "Write …": in errors and in the docs. */
  readonly expects: string;
  readonly schema: z.ZodType<Value, string>;
  /** Never shown: not in errors, not by `config show`. */
  readonly secret?: true;
  readonly url?: true;
  /** Relative to the working directory; `~/` is the home directory. */
  readonly path?: true;
  format(value: Value): string;
}

export const path: Kind<string> = {
  expects: "a path, relative to the working directory or absolute",
  schema: z.string().regex(/^[^\0]+$/),
  path: true,
  format: String,
};

export const text: Kind<string> = {
  expects: "a text of at most 4000 characters",
  schema: z.string().max(4_000),
  format: String,
};

export const secret: Kind<string> = {
  expects: "visible ASCII characters without spaces",
  schema: z.string().regex(/^[\x21-\x7e]+$/),
  secret: true,
  format: () => "(set)",
};

/** People choose these, and not for programs. */
export const password: Kind<string> = {
  expects: "a password on one line",
  schema: z.string().regex(/^\P{Cc}+$/u),
  secret: true,
  format: () => "(set)",
};

export const userName: Kind<string> = {
  expects: "a user name, as the server knows it",
  schema: z.string().regex(/^\P{Cc}{1,254}$/u),
  format: String,
};

export const yesOrNo: Kind<boolean> = {
  expects: "true or false",
  schema: z.stringbool({ truthy: ["true", "1", "yes", "on"], falsy: ["false", "0", "no", "off"] }),
  format: String,
};

export const httpAddress: Kind<ListenAddress> = {
  expects: "an address such as 127.0.0.1:8080, [::1]:8080, localhost:0 or just :8080",
  schema: z.string().transform((text, context) => {
    try {
      return parseHttpAddress(text);
    } catch {
      context.addIssue("no address");
      return z.NEVER;
    }
  }),
  format: formatAddress,
};

export const url: Kind<string> = {
  expects: "an http:// or https:// address without user name, query or fragment",
  schema: z.string().refine(isPlainUrl).transform(withoutTrailingSlash),
  url: true,
  format: String,
};

/** Taken exactly as written: a slash at the end may matter to who receives. */
export const exactUrl: Kind<string> = {
  expects: url.expects,
  schema: z.string().refine(isPlainUrl),
  url: true,
  format: String,
};

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
const IPV6_HOST = /^\[[0-9a-f:.]+\]$/;

export const hostNames: Kind<readonly string[]> = {
  expects: "host names separated by commas, without http:// and without a port",
  schema: z
    .string()
    .transform((text) => splitList(text.toLowerCase()))
    .refine((hosts) => hosts.every((host) => HOST_NAME.test(host) || IPV6_HOST.test(host))),
  format: (hosts) => hosts.join(","),
};

export const hostName: Kind<string> = {
  expects: "a host name or an IP address, without a port",
  schema: z
    .string()
    .toLowerCase()
    .refine((host) => HOST_NAME.test(host) || IPV6_HOST.test(`[${host}]`)),
  format: String,
};

export const mailAddress: Kind<string> = {
  expects: "a plain mail address, without a name in front",
  schema: z.string().transform((text, context) => {
    const address = parseMailAddress(text);
    if (address !== undefined) return address;
    context.addIssue("no mail address");
    return z.NEVER;
  }),
  format: String,
};

/** As `Network.allowedHosts` compares them. */
export const hostsAndPorts: Kind<readonly string[]> = {
  expects: "host names separated by commas, each with a port or without, such as wiki.lan:8080",
  schema: z
    .string()
    .transform((text) => splitList(text.toLowerCase()))
    .refine((hosts) => hosts.every(isHostAndPort)),
  format: (hosts) => hosts.join(","),
};

function isHostAndPort(text: string): boolean {
  const [, host = "", port = "1"] = /^(.*?)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const isPort = Number(port) >= 1 && Number(port) <= 65_535;
  return isPort && (HOST_NAME.test(host) || IPV6_HOST.test(host));
}

export const roles: Kind<readonly Role[]> = {
  expects: `roles separated by commas: ${ROLES.join(", ")}`,
  schema: z
    .string()
    .transform((text) => splitList(text.toLowerCase()))
    .pipe(z.array(z.enum(ROLES))),
  format: (list) => list.join(","),
};

export const contextIds: Kind<readonly string[]> = {
  expects: "ids of conversations separated by commas, each beginning with ctx_",
  schema: z
    .string()
    .transform(splitList)
    .refine((ids) => ids.every((id) => /^ctx_[0-9a-z]+$/.test(id))),
  format: (ids) => ids.join(","),
};

export const provider: Kind<Provider> = {
  expects: `one of ${PROVIDERS.join(", ")}`,
  schema: z.string().toLowerCase().pipe(z.enum(PROVIDERS)),
  format: String,
};

export const modelName: Kind<string> = {
  expects: "the name of a model, as its provider writes it, without spaces",
  schema: z.string().regex(/^[\x21-\x7e]{1,200}$/),
  format: String,
};

export const modelRefs: Kind<readonly ModelRef[]> = {
  expects:
    "models separated by commas, each with its provider, such as anthropic/claude-sonnet-5-5",
  schema: z.string().transform((text, context) => {
    const refs = splitList(text).map(parseModelRef);
    if (refs.every((ref) => ref !== undefined)) return refs;
    context.addIssue("not a model with its provider");
    return z.NEVER;
  }),
  format: (refs) => refs.map(formatModelRef).join(","),
};

const LOG_LEVELS = ["debug", "info", "warn", "error"] as const satisfies readonly LogLevel[];

export const logLevel: Kind<LogLevel> = {
  expects: "debug, info, warn or error",
  schema: z.string().toLowerCase().pipe(z.enum(LOG_LEVELS)),
  format: String,
};

/** Digits only: `1e3`, `+5` and `5.0` are more often a slip than meant. */
export function wholeNumber(min: number, max: number): Kind<number> {
  return {
    expects: `a whole number from ${min} to ${max}`,
    schema: z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number)
      .pipe(z.number().min(min).max(max)),
    format: String,
  };
}

/** Dollars as people write them; millionths of a dollar in the program. */
export const usd: Kind<number> = {
  expects: "an amount in US dollars, such as 5 or 0.50",
  schema: z
    .string()
    .regex(/^\d{1,6}(\.\d{1,6})?$/)
    .transform((text) => Math.round(Number(text) * 1_000_000)),
  format: (microUsd) => String(microUsd / 1_000_000),
};

export function oneOf<const T extends string>(words: readonly T[]): Kind<T> {
  return {
    expects: `one of ${words.join(", ")}`,
    schema: z.string().toLowerCase().pipe(z.enum(words)),
    format: String,
  };
}

export function someOf<const T extends string>(words: readonly T[]): Kind<readonly T[]> {
  return {
    expects: `some of ${words.join(", ")}, separated by commas`,
    schema: z
      .string()
      .transform((text) => splitList(text.toLowerCase()))
      .pipe(z.array(z.enum(words))),
    format: (list) => list.join(","),
  };
}

/** Hours by class of tool; `default` for every class that has none of its own. */
export type HoursByClass = Readonly<Partial<Record<ToolClass | "default", number>>>;

const MOST_HOURS = 10_000;
const HOURS = /^(?:(?<of>[a-z]+)=)?(?<hours>\d{1,5})$/;

export const hoursByClass: Kind<HoursByClass> = {
  expects: `hours (1 to ${MOST_HOURS}), and class=hours for some of ${TOOL_CLASSES.join(", ")}, separated by commas`,
  schema: z.string().transform((text, context): HoursByClass => {
    const given = splitList(text.toLowerCase()).map((item) => HOURS.exec(item)?.groups);
    const entries = given.map((one) => [one?.["of"] ?? "default", Number(one?.["hours"])] as const);
    const known: readonly string[] = [...TOOL_CLASSES, "default"];
    const isGood = entries.every(([of, h]) => known.includes(of) && h >= 1 && h <= MOST_HOURS);
    if (isGood && new Set(entries.map(([of]) => of)).size === entries.length) {
      return Object.fromEntries(entries);
    }
    context.addIssue("no hours");
    return z.NEVER;
  }),
  format: (hours) =>
    Object.entries(hours)
      .map(([of, h]) => (of === "default" ? `${h}` : `${of}=${h}`))
      .join(","),
};

/** Bare: what lies where is for the machine to say. */
export const programNames: Kind<readonly string[]> = {
  expects: "names of programs separated by commas, without their folders",
  schema: z
    .string()
    .transform(splitList)
    .refine((names) => names.every((name) => /^[A-Za-z0-9._+-]{1,64}$/.test(name))),
  format: (names) => names.join(","),
};

/** Stricter than `URL`, which mends what is written wrong: what it makes of that may be another place. */
function isPlainUrl(text: string): boolean {
  return /^https?:\/\/[^\s/\\?#@]+(?:\/[^\s\\?#]*)?$/i.test(text) && URL.canParse(text);
}

function withoutTrailingSlash(text: string): string {
  return new URL(text).href.replace(/\/+$/, "");
}

function splitList(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
