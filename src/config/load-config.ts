import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import {
  type Config,
  listSettings,
  type PlacedSetting,
  type SettingSource,
  type Values,
} from "./config.ts";
import { ConfigError } from "./config-error.ts";
import {
  type ConfigFlags,
  type Found,
  findDefault,
  findGiven,
  findTypedAddress,
} from "./find-text.ts";
import { findUnknownNames, findWeakValues } from "./find-warnings.ts";
import { judgeMail } from "./judge-mail.ts";
import { type EnvFile, parseEnvFile } from "./parse-env-file.ts";
import { planModels } from "./plan-models.ts";
import { PREFIX } from "./setting.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigInput {
  /** The environment of the process, unless given. */
  readonly env?: Environment;
  /** Where `.env` is looked for and what relative paths start from; the working directory, unless given. */
  readonly cwd?: string;
  readonly flags?: ConfigFlags;
}

/** Reads the configuration: flags, then the environment, then `.env`, then defaults; empty means unset.
 *  @throws ConfigError with every problem at once */
export function loadConfig(input: ConfigInput): Config {
  const { env = process.env, cwd = process.cwd(), flags = {} } = input;
  const file = readEnvFile(cwd);
  const problems = [...file.problems];
  const values = new Map<string, unknown>();
  const sections: Record<string, Record<string, unknown>> = {};
  const sources: Record<string, SettingSource> = {};

  for (const placed of listSettings()) {
    const found = findText(placed, { env, cwd, flags }, file, values);
    const value = found && readValue(placed, found, cwd, problems);
    values.set(placed.setting.name, value);
    sources[placed.variable] = found?.source ?? "default";
    sections[placed.section] = { ...sections[placed.section], [placed.key]: value };
  }

  const unknownNames = findUnknownNames([...givenNames(env), ...file.values.keys()]);
  if (problems.length > 0) throw new ConfigError(problems, unknownNames);
  const given = sections as unknown as Values;
  const findVariable = (name: string) =>
    name.startsWith(PREFIX) ? undefined : findGiven(name, env, file)?.text;
  const models = planModels(given.models, findVariable);
  const mail = judgeMail(given.mail);
  const mismatches = [...models.problems, ...mail.problems];
  if (mismatches.length > 0) throw new ConfigError(mismatches, unknownNames);
  const weak = findWeakValues(given.http.adminToken);
  const warnings = [...unknownNames, ...weak, ...models.warnings, ...mail.warnings];
  const modelPlan = models.plan;
  const envFile = join(cwd, ".env");
  return freezeDeep({
    ...given,
    modelPlan,
    envFile,
    findVariable,
    sources,
    unknownNames,
    warnings,
  });
}

function readEnvFile(cwd: string): EnvFile {
  try {
    return parseEnvFile(readFileSync(join(cwd, ".env"), "utf8"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const missing = code === "ENOENT" || code === "ENOTDIR";
    const problem = `The file .env in ${cwd} cannot be read (${code}). Mend its permissions or move it away.`;
    return { values: new Map(), problems: missing ? [] : [problem] };
  }
}

function findText(
  placed: PlacedSetting,
  { env, flags }: Required<ConfigInput>,
  file: EnvFile,
  values: ReadonlyMap<string, unknown>,
): Found | undefined {
  const below = findGiven(placed.variable, env, file) ?? findDefault(placed, values);
  const isAddress = placed.setting.name === "HTTP_ADDR";
  return (isAddress ? findTypedAddress(flags, below?.text ?? "") : undefined) ?? below;
}

function readValue(placed: PlacedSetting, found: Found, cwd: string, problems: string[]): unknown {
  const { kind } = placed.setting;
  const text = kind.path ? resolve(cwd, expandHome(found.text)) : found.text;
  const result = kind.schema.safeParse(text);
  if (result.success) return result.data;
  problems.push(`${describeBadValue(placed, found)} Write ${kind.expects}.`);
  return undefined;
}

function expandHome(text: string): string {
  return text === "~" || text.startsWith("~/") ? join(homedir(), text.slice(1)) : text;
}

function describeBadValue({ variable, setting }: PlacedSetting, { text, source }: Found): string {
  const name = source === "flag" ? "The address of --host and --port" : variable;
  const where = source === ".env" ? " (in .env)" : "";
  if (setting.kind.secret || mayHoldSecret(text, setting.kind.url === true))
    return `${name}${where} has a value that cannot be used.`;
  return `${name}${where} is ${JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)}.`;
}

/** An address with an @ may carry a password, one with a query or fragment a key. */
function mayHoldSecret(text: string, isUrl: boolean): boolean {
  return text.includes("@") || ((isUrl || text.includes("://")) && /[?#]/.test(text));
}

function givenNames(env: Environment): string[] {
  return Object.keys(env).filter((name) => env[name]?.trim());
}

function freezeDeep<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(freezeDeep);
    Object.freeze(value);
  }
  return value;
}
