import type { EpochMs } from "../clock.ts";
import { ROUTE_CLASSES, type RouteClass, type TaskPriority } from "../task/task.ts";

const HOUR_MS = 60 * 60_000;

/** Who looks after a task. */
export const ROUTE_LANES = ["moderation", "operations", "support", "backlog"] as const;

interface ClassDefaults {
  readonly priority: TaskPriority;
  /** `null`: never due. */
  readonly dueAfterMs: number | null;
  readonly lane: (typeof ROUTE_LANES)[number];
}

/** What a class brings with it. */
const DEFAULTS: Readonly<Record<RouteClass, ClassDefaults>> = {
  moderation: { priority: "p1", dueAfterMs: 2 * HOUR_MS, lane: "moderation" },
  issue: { priority: "p2", dueAfterMs: 8 * HOUR_MS, lane: "operations" },
  task: { priority: "p2", dueAfterMs: 24 * HOUR_MS, lane: "operations" },
  question: { priority: "p3", dueAfterMs: 48 * HOUR_MS, lane: "support" },
  noise: { priority: "p3", dueAfterMs: null, lane: "backlog" },
};

/** What a task may be said to be. `same`: what it is by now. */
export const ROUTE_CHOICES = [...ROUTE_CLASSES, "same"] as const;

/** What somebody says a task is; what they leave out comes with the class, and with `same` it stays. */
export interface RouteChoice<Class = (typeof ROUTE_CHOICES)[number]> {
  readonly routeClass: Class;
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
export function routingOf(choice: RouteChoice<RouteClass>, now: EpochMs): Routing {
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

/** Where a choice puts a task that has its place already. A due time that has passed is not kept. */
export function reroute(
  was: Pick<Routing, "routeClass" | "priority" | "dueAtMs">,
  choice: RouteChoice,
  now: EpochMs,
): Routing {
  const { routeClass, priority = was.priority, dueAfterMs } = choice;
  if (routeClass !== "same") return routingOf({ ...choice, routeClass }, now);
  const routing = routingOf({ routeClass: was.routeClass, priority, dueAfterMs }, now);
  const isDueAhead = was.dueAtMs !== null && was.dueAtMs > now;
  return dueAfterMs === undefined && isDueAhead ? { ...routing, dueAtMs: was.dueAtMs } : routing;
}
