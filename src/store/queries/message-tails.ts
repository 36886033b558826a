import type { Reader } from "../store.ts";

/** How far back an id may be named by its tail alone; the whole id always works. */
const TAIL_REACH = 10_000;

/** Up to two ids of recent messages that end in `tail`; in one conversation, or in all of them. */
export function findMessageIdsByTail(
  store: Reader,
  tail: string,
  contextId: string | undefined,
): Promise<{ id: string }[]> {
  return store.list<{ id: string }>((db) =>
    db
      .selectFrom((eb) => {
        const recent = eb
          .selectFrom("messages")
          .select("id")
          .orderBy("seq", "desc")
          .limit(TAIL_REACH);
        return (contextId === undefined ? recent : recent.where("context_id", "=", contextId)).as(
          "recent",
        );
      })
      .select("id")
      .where("id", "like", `%${tail}`)
      .limit(2),
  );
}
