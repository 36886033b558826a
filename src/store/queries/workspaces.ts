import type { Selectable } from "kysely";
import { statement } from "../statement.ts";
import type { Reader } from "../store.ts";
import type { WorkspacesTable } from "../tables/people.ts";

export type WorkspaceRow = Selectable<WorkspacesTable>;

export const workspaceById = statement((db, p: { id: string }) =>
  db.selectFrom("workspaces").selectAll().where("id", "=", p.id),
);

/** The workspace whose name was chosen and has this key. */
export const workspaceByNameKey = statement((db, p: { nameKey: string }) =>
  db.selectFrom("workspaces").selectAll().where("name_key", "=", p.nameKey),
);

export type ListedWorkspace = WorkspaceRow & { readonly context_count: number };

/** By id, so that the oldest come first; with how many conversations are in each. */
export const listWorkspaceRows = statement((db, p: { afterId: string; limit: number }) =>
  db
    .selectFrom("workspaces")
    .selectAll()
    .select(({ selectFrom, fn }) =>
      selectFrom("contexts")
        .select(fn.countAll<number>().as("count"))
        .whereRef("contexts.workspace_id", "=", "workspaces.id")
        .$asScalar()
        .$notNull()
        .as("context_count"),
    )
    .where("id", ">", p.afterId)
    .orderBy("id")
    .limit(p.limit),
);

/** Up to two ids of workspaces that end in `tail` (letters and digits only); at most `ownId`, or of all. */
export function findWorkspaceIdsByTail(
  store: Reader,
  { tail, ownId }: { tail: string; ownId: string | undefined },
): Promise<{ id: string }[]> {
  return store.list<{ id: string }>((db) => {
    const query = db.selectFrom("workspaces").select("id").where("id", "like", `%${tail}`).limit(2);
    return ownId === undefined ? query : query.where("id", "=", ownId);
  });
}
