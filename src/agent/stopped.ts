import type { WorkEnd } from "../operations/end-open-work.ts";
import { jobById } from "../store/queries/jobs.ts";
import type { Store } from "../store/store.ts";

/** How work ends that was cancelled while its job ran. */
export async function stopped(store: Store, jobId: string): Promise<WorkEnd> {
  const job = await store.first(jobById, { id: jobId });
  const why = { what: "cancelled", by: job?.cancelled_by ?? null } as const;
  return { state: "failed", error: "cancelled", why };
}
