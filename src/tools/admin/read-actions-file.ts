import { readFile } from "node:fs/promises";
import { z } from "zod";
import { describeError } from "../../core/errors.ts";
import type { Action } from "./action.ts";

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

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

export interface ReadActions {
  readonly actions: readonly Action[];
  /** What is wrong with the others, or with the file, one sentence each: the rest works without them. */
  readonly problems: readonly string[];
}

/**
 * Reads what the operator lets the agent set off. No file: nothing. `${NAME}` in a header is the value of that variable.
 */
export async function readActionsFile(
  path: string,
  variable: (name: string) => string | undefined,
): Promise<ReadActions> {
  const read = await readJson(path);
  if (typeof read === "string") return { actions: [], problems: [read] };
  const file = fileShape.safeParse(read.value);
  if (!file.success) {
    const shape = 'Write {"actions": {"name": {"description": …, "webhook": {"url": …}}}}.';
    return {
      actions: [],
      problems: [`The file of actions ${path} is not as it should be. ${shape}`],
    };
  }
  const actions: Action[] = [];
  const problems: string[] = [];
  for (const [name, given] of Object.entries(file.data.actions)) {
    try {
      actions.push(readAction(name, given, variable));
    } catch (error) {
      problems.push(`The action ${name} in ${path} is left out: ${why(error)}`);
    }
  }
  return { actions, problems };
}

async function readJson(path: string): Promise<{ readonly value: unknown } | string> {
  try {
    return { value: JSON.parse(await readFile(path, "utf8")) as unknown };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { value: { actions: {} } };
    return `The file of actions ${path} cannot be ${code === undefined ? "understood: it is no JSON." : `read (${code}).`}`;
  }
}

function readAction(
  name: string,
  given: unknown,
  variable: (name: string) => string | undefined,
): Action {
  const parsed = actionShape.parse(given);
  const { description, targets, payload: payloadSchema, sensitivity } = parsed;
  const payload = z.fromJSONSchema(payloadSchema);
  const about = { name, description, targets, payload, payloadSchema, sensitivity };
  if ("command" in parsed) return { ...about, does: { kind: "command", argv: parsed.command } };
  const headers = Object.entries(parsed.webhook.headers).map(([header, text]) => [
    header,
    text.replace(VARIABLE, (_whole, of: string) => required(of, variable(of))),
  ]);
  const { url, method } = parsed.webhook;
  return { ...about, does: { kind: "webhook", url, method, headers: Object.fromEntries(headers) } };
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === "") throw new Error(`the variable ${name} is not set.`);
  return value;
}

function why(error: unknown): string {
  if (!(error instanceof z.ZodError)) return describeError(error);
  const [first] = error.issues;
  const where = first?.path.join(" → ");
  return where ? `${where} is not as it should be.` : "it needs either a webhook or a command.";
}
