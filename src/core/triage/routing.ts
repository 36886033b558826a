import type { EpochMs } from "../clock.ts";
import type { RouteClass, TaskPriority } from "../task/task.ts";

const HOUR_MS = 60 * 60_000;

interface ClassDefaults {
  readonly priority: TaskPriority;
  /** `null`: never due. */
  readonly dueAfterMs: number | null;
  readonly lane: string;
}

/** What a class brings with it. */
const DEFAULTS: Readonly<Record<RouteClass, ClassDefaults>> = {
  moderation: { priority: "p1", dueAfterMs: 2 * HOUR_MS, lane: "moderation" },
  issue: { priority: "p2", dueAfterMs: 8 * HOUR_MS, lane: "operations" },
  task: { priority: "p2", dueAfterMs: 24 * HOUR_MS, lane: "operations" },
  question: { priority: "p3", dueAfterMs: 48 * HOUR_MS, lane: "support" },
  noise: { priority: "p3", dueAfterMs: null, lane: "backlog" },
};

/** What somebody says a task is; what they leave out comes with the class. */
export interface RouteChoice {
  readonly routeClass: RouteClass;
  readonly priority?: TaskPriority | undefined;
  readonly dueAfterMs?: number | undefined;
}

export interface Routing {
  readonly routeClass: RouteClass;
  readonly priority: TaskPriority;
  readonly dueAtMs: EpochMs | null;
  readonly assignedLane: string;
}

/** Where a choice puts a task. Noise has one place only, whatever was said besides. */
export function routingOf(choice: RouteChoice, now: EpochMs): Routing {
  const { routeClass } = choice;
  const { lane, ...defaults } = DEFAULTS[routeClass];
  const isNoise = routeClass === "noise";
  const dueAfterMs = isNoise ? null : (choice.dueAfterMs ?? defaults.dueAfterMs);
  return {
    routeClass,
    priority: isNoise ? defaults.priority : (choice.priority ?? defaults.priority),
    dueAtMs: dueAfterMs === null ? null : now + dueAfterMs,
    assignedLane: lane,
  };
}
