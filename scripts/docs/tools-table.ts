import { z } from "zod";
import { listTools, type ToolParts } from "../../src/app/list-tools.ts";
import { listSettings } from "../../src/config/config.ts";
import { AppError } from "../../src/core/errors.ts";
import type { Sensitivity } from "../../src/core/tool/tool-facts.ts";
import type { Action } from "../../src/tools/admin/action.ts";
import type { Tool } from "../../src/tools/tool.ts";
import { renderTable } from "./render-table.ts";

/** An action as an operator might write it: the tool is there only where one is. */
const EXAMPLE: Action = {
  name: "x",
  description: "",
  targets: [],
  payload: z.unknown(),
  payloadSchema: {},
  sensitivity: "outward",
  does: { kind: "webhook", url: "https://example.org", method: "POST", headers: {} },
};

/** One row for each tool that comes with the runtime. */
export function renderTools(): string {
  const rows = listTools(partsForDocs()).map((tool) => [
    `\`${tool.name}\``,
    tool.class,
    tool.effect,
    sensitivitiesOf(tool).join(" or "),
    `${tool.timeLimitMs / 1_000} s`,
    argumentsOf(tool),
    firstSentence(tool.description),
  ]);
  return renderTable(
    ["tool", "class", "effect", "sensitivity", "time", "arguments", "what it does"],
    rows,
  );
}

/** As with the settings' defaults; nothing of it is called. */
function partsForDocs(): ToolParts {
  const timeout = listSettings().find(({ setting }) => setting.name === "SANDBOX_TIMEOUT_SECONDS");
  return {
    code: {
      sandbox: {
        isWalled: true,
        run: () => Promise.reject(new Error("nothing is run for the docs")),
      },
      allowedCommands: ["x"],
      limits: {
        timeMs: Number(timeout?.setting.fallback) * 1_000,
        outputBytes: 0,
        memoryBytes: 0,
        processes: 0,
        fileBytes: 0,
        scratchBytes: 0,
      },
    },
    runsPrograms: true,
    search: { searxngUrl: "https://example.org", braveApiKey: undefined, braveApiBase: "" },
    network: { allowedHosts: [] },
    mail: { from: "bot@example.org" },
    modelRules: {
      enabled: true,
      allowDm: true,
      requireMentionInGroups: true,
      allowedRoles: [],
      allowedContextIds: [],
      rateLimitPerWindow: 0,
      rateLimitWindowSeconds: 60,
      guardrails: { input: "disabled", output: "disabled", values: [] },
    },
    actions: [EXAMPLE],
    skillsRoot: "",
  };
}

interface Argument {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly items?: Argument;
}

interface Arguments {
  readonly properties?: Readonly<Record<string, Argument>>;
  readonly required?: readonly string[];
}

function schemaOf({ input }: Tool): Arguments {
  return z.toJSONSchema(input, { io: "input" }) as Arguments;
}

function argumentsOf(tool: Tool): string {
  const { properties = {}, required = [] } = schemaOf(tool);
  return Object.entries(properties)
    .map(([name, argument]) => {
      const most = argument.maxLength ?? argument.maxItems;
      const limit = most === undefined ? "" : ` (≤ ${most})`;
      return `\`${name}\`${required.includes(name) ? "" : "?"}${limit}`;
    })
    .join(", ");
}

/** What it says of calls that are as different as its arguments let them be, from the mildest on. */
function sensitivitiesOf(tool: Tool): readonly Sensitivity[] {
  const { properties = {}, required = [] } = schemaOf(tool);
  const plain = Object.fromEntries(
    required.map((name) => [name, samplesOf(name, properties[name] ?? {})[0]]),
  );
  const calls = Object.entries(properties).flatMap(([name, argument]) =>
    samplesOf(name, argument).map((value) => ({ ...plain, [name]: value })),
  );
  const found = new Set([plain, ...calls].flatMap((call) => sensitivityOf(tool, call)));
  return (["read", "fetch", "write", "guarded", "outward"] as const).filter((one) =>
    found.has(one),
  );
}

/** None of a call that the tool refuses. */
function sensitivityOf(tool: Tool, call: object): readonly Sensitivity[] {
  const parsed = tool.input.safeParse(call);
  if (!parsed.success) return [];
  try {
    return [tool.sensitivityOf(parsed.data)];
  } catch (error) {
    if (error instanceof AppError) return [];
    throw error;
  }
}

/** Of arguments that do not take any text, by their name or format. */
const SAMPLES: Readonly<Record<string, readonly unknown[]>> = {
  path: ["scratch/note.md", "notes/note.md"],
  url: ["https://example.org/"],
  uri: ["https://example.org/"],
  to: [["a@example.org"]],
  step: ["step_0000000000"],
};

function samplesOf(
  name: string,
  { type, enum: words, format, items }: Argument,
): readonly unknown[] {
  if (words !== undefined) return words;
  const known = SAMPLES[name] ?? SAMPLES[format ?? ""];
  if (known !== undefined) return known;
  switch (type) {
    case "array":
      return [samplesOf("", items ?? {}).slice(0, 1)];
    case "object":
      return [{}];
    case "boolean":
      return [true];
    case "integer":
    case "number":
      return [1];
    default:
      return ["x"];
  }
}

function firstSentence(text: string): string {
  const line = text.split("\n", 1)[0] ?? "";
  return /^.*?\.(?=\s|$)/u.exec(line)?.[0] ?? line.replace(/:$/u, ".");
}
