import { bold, buttons, code, doc, p } from "../rich-text/build.ts";
import type { Block, Button, RichText } from "../rich-text/rich-text.ts";
import {
  FINAL_TASK_STATUSES,
  ROUTE_CLASSES,
  TASK_PRIORITIES,
  type TaskStatus,
} from "../task/task.ts";
import { dueText } from "./routed-task.ts";
import type { Routing } from "./routing.ts";

/** What admins decide on when triage made a task. */
export interface RoutedCard {
  readonly taskId: string;
  readonly routing: Routing;
  readonly because: string;
  /** Whose words they are, and the words. */
  readonly about: readonly [Block, Block];
  /** 2 when its sender changed them once: buttons start no others. */
  readonly wording: number;
  /** What starting it takes; `undefined`: it was set going. */
  readonly waits: string | undefined;
}

/** What has become of the task since. */
export interface RoutedChange {
  readonly taskId: string;
  readonly wording: number;
  readonly status: TaskStatus;
  /** Somebody wants it to end, and it does at its next step. */
  readonly isEnding?: boolean;
  /** Absent: as before. */
  readonly routing?: Routing;
  /** What was decided, and by whom; absent: nothing since. */
  readonly decision?: { readonly what: string; readonly by: string };
}

/** The card of a routed task, as long as nobody has decided anything. */
export function routedCard(card: RoutedCard): RichText {
  const { taskId, routing, because, about, wording, waits } = card;
  const status = waits === undefined ? "queued" : "blocked";
  return doc(
    heading(taskId, routing, `, because ${because}. Task `, wording === 1 ? "" : "Changed: "),
    lane(routing),
    ...about,
    waits === undefined ? fate(status) : p(waits),
    buttons(...buttonsFor({ taskId, routing, wording, status })),
  );
}

/** The same card now: what was decided and by whom, and the buttons that can still do anything. */
export function reviseRoutedCard(card: RichText, change: RoutedChange): RichText {
  const [was, route, from, words, waits, ...rest] = card;
  if (!was || !route || !from || !words || !waits) return card;
  const { taskId, wording, status, routing, decision, isEnding = false } = change;
  const before = rest.filter(({ type }) => type === "paragraph");
  const isOver = isEnding || FINAL_TASK_STATUSES.includes(status);
  const offered = rest.filter(({ type }) => type === "buttons");
  return doc(
    routing === undefined ? was : heading(taskId, routing, ". Task "),
    routing === undefined ? route : lane(routing),
    from,
    words,
    status === "blocked" && !isEnding ? waits : fate(status, isEnding),
    ...(decision === undefined
      ? before
      : [p(bold(decision.what), ", as ", code(decision.by), " decided.")]),
    ...(isOver
      ? []
      : routing === undefined
        ? offered
        : [buttons(...buttonsFor({ taskId, routing, wording, status }))]),
  );
}

/** A card whose words its sender has changed since: the card of the new ones has the buttons. */
export function supersedeRoutedCard(card: RichText): RichText {
  return doc(
    ...card.slice(0, 4),
    p(
      "Its sender edited the message. What it says now is in a later notice and in the list of tasks.",
    ),
  );
}

function heading(
  taskId: string,
  { routeClass, priority }: Routing,
  between: string,
  before = "",
): Block {
  return p(bold(`${before}${routeClass}, ${priority}`), between, code(taskId));
}

function lane({ assignedLane, dueAtMs }: Routing): Block {
  return p(`Route lane ${assignedLane}, due ${dueText(dueAtMs)}.`);
}

function fate(status: TaskStatus, isEnding = false): Block {
  if (FINAL_TASK_STATUSES.includes(status)) return p(`It is over: ${status}.`);
  if (isEnding) return p("It stops at its next step.");
  return p("It was set going. A button moves it; Drop cancels it.");
}

function buttonsFor({
  taskId,
  routing: { routeClass, priority },
  wording,
  status,
}: Pick<Required<RoutedChange>, "taskId" | "routing" | "wording" | "status">): readonly Button[] {
  const read = wording === 1 ? "" : ` v${wording}`;
  const route = (label: string, choice: string) => ({
    label,
    command: `/route ${taskId} ${choice}${read}`,
  });
  return [
    ...(status === "blocked" ? [route("Start", "same")] : []),
    ...TASK_PRIORITIES.filter((one) => one !== priority).map((one) =>
      route(`Priority ${one}`, `same ${one}`),
    ),
    ...ROUTE_CLASSES.filter((one) => one !== routeClass && one !== "noise").map((one) =>
      route(`Class ${one}`, one),
    ),
    route("Drop", "noise"),
  ];
}
