import { accessSync, constants, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { z } from "zod";
import { describeError } from "../../core/errors.ts";
import {
  EFFECT_KINDS,
  type EffectKind,
  SENSITIVITIES,
  type Sensitivity,
} from "../../core/tool/tool-facts.ts";
import { describeIssues } from "../describe-issues.ts";
import { fillAll, noteVariables, type Variables } from "../fill-variables.ts";
import { listSecrets } from "../list-secrets.ts";
import { parseJson } from "../parse-json.ts";
import { requireOutside } from "../require-outside.ts";

const MANIFEST = "plugin.json";
/** Stands in the command for the folder of the plugin. */
const OWN_FOLDER = "{plugin}";

const manifest = z.strictObject({
  schema_version: z.literal("v1").optional(),
  name: z
    .string()
    .max(40)
    .regex(/^[a-z0-9]+(?:[-_][a-z0-9]+)*$/, "lower-case letters and digits, parted by - or _"),
  description: z.string().min(1).max(2_000),
  arguments: z.looseObject({ type: z.literal("object") }),
  command: z.tuple([z.string().min(1)], z.string()),
  env: z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.string()).default({}),
  effect: z.enum(EFFECT_KINDS).default("send"),
  sensitivity: z.enum(SENSITIVITIES).default("outward"),
  timeout_seconds: z.number().int().min(1).max(600).default(60),
});

/** A program of the operator that is a tool. */
export interface Plugin {
  readonly name: string;
  readonly description: string;
  /** JSON Schema */
  readonly argumentsSchema: object;
  readonly input: z.ZodType;
  /** Its own. */
  readonly folder: string;
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly effect: EffectKind;
  readonly sensitivity: Sensitivity;
  readonly timeoutMs: number;
}

export interface Plugins {
  readonly plugins: readonly Plugin[];
  /** Which ones cannot be used, and what to do, one sentence each. */
  readonly problems: readonly string[];
  /** Values that must not be shown. */
  readonly secrets: readonly string[];
}

export interface PluginsOptions extends Variables {
  readonly directory: string;
  readonly workspaceRoot: string;
}

/** The plugins in a folder, one a folder in it, by name. Never throws: what is broken is left out by itself. */
export function readPlugins(options: PluginsOptions): Plugins {
  const plugins: Plugin[] = [];
  const problems: string[] = [];
  const variables = noteVariables(options);
  for (const folder of listFolders(options.directory)) {
    try {
      plugins.push(readPlugin(folder, { ...options, ...variables }));
    } catch (error) {
      const where = join(options.directory, folder, MANIFEST);
      problems.push(`${where} is not used. ${describeError(error)}`);
    }
  }
  const secrets = listSecrets(
    variables,
    plugins.map(({ env }) => env),
  );
  return { plugins, problems, secrets };
}

/** Where the plugins of a folder are described, from there. */
export function listManifests(directory: string): readonly string[] {
  return listFolders(directory).map((folder) => join(folder, MANIFEST));
}

function listFolders(directory: string): readonly string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries
      .filter((one) => one.isDirectory() || one.isSymbolicLink())
      .map(({ name }) => name)
      .filter((name) => !name.startsWith("."))
      .toSorted();
  } catch {
    return [];
  }
}

function readPlugin(folder: string, options: PluginsOptions): Plugin {
  const own = realpathSync(join(options.directory, folder));
  requireOutside(own, options.workspaceRoot);
  const text = readFileSync(join(own, MANIFEST), "utf8");
  const read = manifest.safeParse(parseJson(text));
  if (!read.success) throw new Error(`Mend it: ${describeIssues(read.error)}`);
  const { name, arguments: schema, command, env, timeout_seconds, ...rest } = read.data;
  if (name !== folder) throw new Error(`Its folder must be called ${name} as well.`);
  const [program, ...args] = command.map((part) => part.replaceAll(OWN_FOLDER, own));
  return {
    ...rest,
    name,
    folder: own,
    argumentsSchema: schema,
    input: readSchema(schema),
    argv: [findProgram(program ?? "", own, options.workspaceRoot), ...args],
    env: fillAll(env, options),
    timeoutMs: timeout_seconds * 1_000,
  };
}

function readSchema(schema: object): z.ZodType {
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  } catch (cause) {
    throw new Error(`Mend its arguments: ${describeError(cause)}`, { cause });
  }
}

/** A bare name is looked for in the PATH; a path starts in the folder of the plugin and stays there. */
function findProgram(program: string, own: string, workspaceRoot: string): string {
  if (!program.includes("/")) return program;
  if (!program.startsWith("/")) {
    const file = realpathSync(join(own, program));
    if (!file.startsWith(own + sep)) throw new Error("Its command leads out of its folder.");
    accessSync(file, constants.X_OK);
    return file;
  }
  requireOutside(program, workspaceRoot);
  return program;
}
