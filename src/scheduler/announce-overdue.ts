import type { Decision } from "../core/effect/commit.ts";
import { bold, code, doc, list, p } from "../core/rich-text/build.ts";
import type { Block, RichText } from "../core/rich-text/rich-text.ts";
import { dueText } from "../core/triage/routed-task.ts";
import type { OperationDeps } from "../operations/operation.ts";
import { findAdminContexts, sayToAdmins } from "../operations/tell-admins.ts";
import type { ContextRow } from "../store/queries/contexts.ts";
import { countOverdue, overdueTasksOf } from "../store/queries/overdue-tasks.ts";
import type { TaskRow } from "../store/queries/tasks.ts";

/** More are counted, not named. */
const MOST_NAMED = 10;

type OverdueTask = Pick<TaskRow, "id" | "title" | "status" | "priority" | "due_at_ms">;

/** What one place is told. */
interface Told {
  readonly context: ContextRow;
  readonly tasks: OverdueTask[];
  count: number;
}

/** Tells every place that looks after a workspace, once, of the tasks of all its workspaces that are in a notice. */
export async function announceOverdue(deps: OperationDeps, notice: string): Promise<Decision> {
  const told = new Map<string, Told>();
  for (const { workspace_id: workspaceId, count } of await deps.store.all(countOverdue, {
    notice,
  })) {
    const named = await deps.store.all(overdueTasksOf, { notice, workspaceId, limit: MOST_NAMED });
    for (const context of await findAdminContexts(deps, { workspaceId, toldInContextId: null })) {
      const place = told.get(context.id) ?? { context, tasks: [], count: 0 };
      place.tasks.push(...named);
      place.count += Number(count);
      told.set(context.id, place);
    }
  }
  const said = Array.from(told.values(), (place) =>
    sayToAdmins(deps, place.context, noticeOf(place)),
  );
  return {
    effects: said.flatMap(({ effects }) => effects),
    seen: said.flatMap(({ seen }) => seen),
  };
}

function noticeOf({ tasks, count }: Told): RichText {
  const named = tasks.toSorted(byUrgency).slice(0, MOST_NAMED);
  const more = count - named.length;
  return doc(
    p(bold(count === 1 ? "A task is overdue:" : `${count} tasks are overdue:`)),
    list(...named.map(lineOf)),
    ...(more > 0
      ? [p(`And ${more} more. All of them: `, code("agent-runtime tasks list --overdue"))]
      : []),
    p(
      "Look at what holds it up. To give it a new time: ",
      code("/route <task-id> <class> [priority] [due-window]"),
      ". To end it: ",
      code("/cancel <task-id>"),
    ),
  );
}

/** A title may be a stranger's words: in code nothing of it can be tapped. */
function lineOf({ id, title, status, priority, due_at_ms: dueAtMs }: OverdueTask): Block {
  return p(code(id), ` ${status}, ${priority}, was due ${dueText(dueAtMs)}: `, code(title));
}

function byUrgency(a: OverdueTask, b: OverdueTask): number {
  return a.priority.localeCompare(b.priority) || (a.due_at_ms ?? 0) - (b.due_at_ms ?? 0);
}
