import { type ExpressionBuilder, type SqlBool, sql } from "kysely";
import type { Reader } from "../store.ts";
import type { Tables } from "../tables.ts";

/** Whose calls are summed; of all when nothing is given. */
export interface SpendFilter {
  readonly userId?: string | undefined;
  readonly workspaceId?: string | undefined;
  readonly contextId?: string | undefined;
}

export interface SpendSum {
  /** What it is the sum of: a purpose, a model, a user's id. */
  readonly name: string;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly spentMicroUsd: number;
}

interface DayOf {
  readonly day: string;
  readonly filter: SpendFilter;
  readonly limit: number;
}

// Written out, so that SQLite sees that its partial index of open reservations applies.
const IS_OPEN = sql<SqlBool>`usage.state = 'reserved'`;

/** The sums of a day by one of their columns, the dearest first. Work that nobody asked for has the name "". */
export async function spendBy(
  store: Reader,
  column: "purpose" | "model" | "user_id",
  { day, filter, limit }: DayOf,
): Promise<readonly SpendSum[]> {
  const rows = await store.list((db) =>
    db
      .selectFrom("usage")
      .where("usage.day", "=", day)
      .where((eb) => matches(eb, filter))
      .groupBy(column)
      .select((eb) => [
        eb.fn.coalesce(column, sql.lit("")).as("name"),
        eb.fn.countAll<string | number>().as("calls"),
        eb.fn.sum<string | number>("input_tokens").as("inputTokens"),
        eb.fn.sum<string | number>("output_tokens").as("outputTokens"),
        eb.fn.sum<string | number>("cost_micro_usd").as("spentMicroUsd"),
      ])
      .orderBy("spentMicroUsd", "desc")
      .orderBy("name")
      .limit(limit),
  );
  return rows.map((row) => ({
    name: String(row.name),
    calls: Number(row.calls),
    inputTokens: Number(row.inputTokens),
    outputTokens: Number(row.outputTokens),
    spentMicroUsd: Number(row.spentMicroUsd),
  }));
}

export interface WorkSpend {
  /** A task, or the run of a turn. */
  readonly id: string;
  /** Of a task its title; of a turn that of the conversation. */
  readonly title: string;
  readonly isTask: boolean;
  readonly calls: number;
  readonly spentMicroUsd: number;
}

/** What each piece of work cost on a day, the dearest first. */
export async function spendByWork(
  store: Reader,
  { day, filter, limit }: DayOf,
): Promise<readonly WorkSpend[]> {
  const rows = await store.list((db) =>
    db
      .selectFrom((eb) =>
        eb
          .selectFrom("usage")
          .where("usage.day", "=", day)
          .where((of) => matches(of, filter))
          .groupBy("work_id")
          .select((of) => [
            "work_id as id",
            of.fn.max("context_id").as("context_id"),
            of.fn.countAll<string | number>().as("calls"),
            of.fn.sum<string | number>("cost_micro_usd").as("spent"),
          ])
          .orderBy("spent", "desc")
          .orderBy("work_id")
          .limit(limit)
          .as("work"),
      )
      .innerJoin("contexts", "contexts.id", "work.context_id")
      .leftJoin("tasks", "tasks.id", "work.id")
      .select(["work.id", "work.calls", "work.spent"])
      .select(["tasks.title as task_title", "contexts.title as context_title"])
      .orderBy("work.spent", "desc")
      .orderBy("work.id"),
  );
  return rows.map((row) => ({
    id: row.id,
    title: row.task_title ?? row.context_title,
    isTask: row.task_title !== null,
    calls: Number(row.calls),
    spentMicroUsd: Number(row.spent),
  }));
}

/** What is put aside at this moment for calls that are under way, of whatever day they began. */
export async function reservedNow(store: Reader, filter: SpendFilter): Promise<number> {
  const [row] = await store.list((db) =>
    db
      .selectFrom("usage")
      .where(IS_OPEN)
      .where((eb) => matches(eb, filter))
      .select((eb) => eb.fn.sum<string | number>("reserved_micro_usd").as("reserved")),
  );
  return Number(row?.reserved ?? 0);
}

function matches(eb: ExpressionBuilder<Tables, "usage">, filter: SpendFilter) {
  const { userId, workspaceId, contextId } = filter;
  return eb.and([
    ...(userId === undefined ? [] : [eb("usage.user_id", "=", userId)]),
    ...(workspaceId === undefined ? [] : [eb("usage.workspace_id", "=", workspaceId)]),
    ...(contextId === undefined ? [] : [eb("usage.context_id", "=", contextId)]),
  ]);
}
