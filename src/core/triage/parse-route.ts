import { AppError } from "../errors.ts";
import { shorten } from "../shorten.ts";
import type { TaskPriority } from "../task/task.ts";
import { DUE_WINDOW_FORMS, parseDueWindow } from "./due-window.ts";
import { ROUTE_CHOICES, type RouteChoice } from "./routing.ts";

const PRIORITY_NAMES: Readonly<Record<string, TaskPriority>> = {
  p1: "p1",
  high: "p1",
  urgent: "p1",
  p2: "p2",
  medium: "p2",
  normal: "p2",
  p3: "p3",
  low: "p3",
};

export const ROUTE_ARGS = "<task-id> <class> [priority] [due-window] [wording]";
const WORDING = /^v(\d{1,6})$/iu;
/** How much of what was typed an error repeats. */
const LONGEST_SHOWN = 40;
const EXAMPLE = "For example: /route k3v9qd issue p1 2h";

export interface TypedRoute extends RouteChoice {
  /** The task's id or its tail, as typed. */
  readonly task: string;
  /** Which wording of it is meant, typed as `v2`. */
  readonly wording?: number;
}

/** Reads what follows `/route`. @throws AppError `invalid_input`, whose text says what to type. */
export function parseRoute(args: string): TypedRoute {
  const [task, className, ...more] = args.trim().split(/\s+/u);
  if (task === undefined || task === "" || className === undefined) {
    throw invalid(`Say which task and what it is: /route ${ROUTE_ARGS}. ${EXAMPLE}`);
  }
  const routeClass = readClass(className);
  const wording = readWording(more.at(-1));
  const fields = wording === undefined ? more : more.slice(0, -1);
  return {
    task,
    routeClass,
    ...(fields.length === 0 ? {} : readPriorityAndWindow(fields)),
    ...(wording === undefined ? {} : { wording }),
  };
}

/** `undefined` when it names none. */
function readWording(text = ""): number | undefined {
  const digits = WORDING.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function readClass(text: string): RouteChoice["routeClass"] {
  const routeClass = ROUTE_CHOICES.find((one) => one === text.toLowerCase());
  if (routeClass !== undefined) return routeClass;
  throw invalid(
    `I know no class ${shorten(text, LONGEST_SHOWN)}. There are: ${ROUTE_CHOICES.join(", ")}.`,
  );
}

function readPriorityAndWindow(
  fields: readonly string[],
): Pick<RouteChoice, "priority" | "dueAfterMs"> {
  const [first = "", second, ...rest] = fields;
  const priority = readPriority(first);
  if (priority === undefined) {
    const dueAfterMs = parseDueWindow(first);
    if (dueAfterMs === undefined) {
      throw invalid(
        `${shorten(first, LONGEST_SHOWN)} is neither a priority (p1, p2, p3) nor a due window (${DUE_WINDOW_FORMS}).`,
      );
    }
    if (second !== undefined) throw tooMuch(second);
    return { dueAfterMs };
  }
  if (second === undefined) return { priority };
  if (rest[0] !== undefined) throw tooMuch(rest[0]);
  return { priority, dueAfterMs: readDueWindow(second) };
}

/** `undefined` when it is no name of a priority. */
function readPriority(text: string): TaskPriority | undefined {
  const name = text.toLowerCase();
  return Object.hasOwn(PRIORITY_NAMES, name) ? PRIORITY_NAMES[name] : undefined;
}

/** @throws AppError `invalid_input`. */
export function readDueWindow(text: string): number {
  const dueAfterMs = parseDueWindow(text);
  if (dueAfterMs !== undefined) return dueAfterMs;
  throw invalid(`${shorten(text, LONGEST_SHOWN)} is no due window. Write ${DUE_WINDOW_FORMS}.`);
}

function tooMuch(field: string): AppError {
  return invalid(
    `I do not know what ${shorten(field, LONGEST_SHOWN)} means there: /route ${ROUTE_ARGS}. ${EXAMPLE}`,
  );
}

function invalid(text: string): AppError {
  return new AppError("invalid_input", text);
}
