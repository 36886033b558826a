import { readFileSync } from "node:fs";
import { z } from "zod";
import { describeError } from "../../core/errors.ts";
import { fillAll, noteVariables, type Variables } from "../fill-variables.ts";
import { listSecrets } from "../list-secrets.ts";
import { parseJson } from "../parse-json.ts";
import { requireOutside } from "../require-outside.ts";
import type { Action } from "./action.ts";

const webhook = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  method: z.enum(["POST", "PUT", "PATCH", "DELETE"]).default("POST"),
  headers: z.record(z.string().regex(/^[A-Za-z0-9-]{1,100}$/), z.string().max(4_000)).default({}),
});
const common = {
  description: z.string().trim().min(1).max(1_000),
  targets: z.array(z.string().min(1).max(500)).max(100).default([]),
  payload: z
    .record(z.string(), z.unknown())
    .default({ type: "object", properties: {}, additionalProperties: false }),
  sensitivity: z.enum(["write", "guarded", "outward"]).default("outward"),
};
const actionShape = z.union([
  z.strictObject({ ...common, webhook }),
  z.strictObject({ ...common, command: z.tuple([z.string().min(1)], z.string()) }),
]);
const fileShape = z.strictObject({
  actions: z.record(z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/), z.unknown()),
});

export interface Actions {
  readonly actions: readonly Action[];
  /** What is wrong with the others, or with the file, one sentence each: the rest works without them. */
  readonly problems: readonly string[];
  /** Values that must not be shown. */
  readonly secrets: readonly string[];
}

export interface ActionsFileOptions extends Variables {
  readonly path: string;
  readonly workspaceRoot: string;
}

/** What the operator lets the agent set off. Never throws; `${NAME}` in a header is the value of that variable. */
export function readActions(options: ActionsFileOptions): Actions {
  const actions: Action[] = [];
  const problems: string[] = [];
  const variables = noteVariables(options);
  try {
    for (const [name, given] of Object.entries(readFile(options))) {
      try {
        actions.push(readAction(name, given, variables));
      } catch (error) {
        problems.push(`The action ${name} in ${options.path} is left out: ${why(error)}`);
      }
    }
  } catch (error) {
    problems.push(`${options.path} is not used. ${describeError(error)}`);
  }
  const headers = actions.flatMap(({ does }) => (does.kind === "webhook" ? [does.headers] : []));
  return { actions, problems, secrets: listSecrets(variables, headers) };
}

/** Without the file there are none. @throws Error that says what to do */
function readFile({ path, workspaceRoot }: ActionsFileOptions): Readonly<Record<string, unknown>> {
  const text = readIfThere(path);
  if (text === undefined) return {};
  requireOutside(path, workspaceRoot);
  const file = fileShape.safeParse(parseJson(text));
  if (file.success) return file.data.actions;
  throw new Error('Write {"actions": {"name": {"description": …, "webhook": {"url": …}}}}.');
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

function readAction(name: string, given: unknown, variables: Variables): Action {
  const parsed = actionShape.parse(given);
  const { description, targets, payload: payloadSchema, sensitivity } = parsed;
  const payload = z.fromJSONSchema(payloadSchema);
  const about = { name, description, targets, payload, payloadSchema, sensitivity };
  if ("command" in parsed) return { ...about, does: { kind: "command", argv: parsed.command } };
  const { url, method, headers } = parsed.webhook;
  return { ...about, does: { kind: "webhook", url, method, headers: fillAll(headers, variables) } };
}

function why(error: unknown): string {
  if (!(error instanceof z.ZodError)) return describeError(error);
  const [first] = error.issues;
  const where = first?.path.join(" → ");
  return where ? `${where} is not as it should be.` : "it needs either a webhook or a command.";
}
