import type { Effect } from "../core/effect/effect.ts";
import { filesOfMessages } from "../store/queries/files.ts";
import type { JobRow } from "../store/queries/jobs.ts";
import type { Reader } from "../store/store.ts";

/** Ends the fetching of what came with messages whose work is over before it began. `jobs`: of the lane of that work. */
export async function endFetching(
  store: Reader,
  jobs: readonly JobRow[],
  findMessages: () => Promise<readonly { readonly id: string }[]>,
): Promise<readonly Effect[]> {
  const fetching = jobs.filter(({ kind, state, cancel_at_ms: cancelledAtMs }) => {
    return kind === "save-file" && state !== "dead" && cancelledAtMs === null;
  });
  if (fetching.length === 0) return [];
  const messages = await findMessages();
  const files = await filesOfMessages(
    store,
    messages.map(({ id }) => id),
  );
  const ids = new Set(files.map(({ id }) => id));
  return fetching
    .filter(({ payload }) => ids.has((JSON.parse(payload) as { fileId: string }).fileId))
    .map(({ id }) => ({ type: "cancel-job", jobId: id }));
}
