import type { SpendReport } from "../../../src/client/shapes/spend.ts";
import { request } from "./request.ts";

/** Today's; of all for admins, else of one's own work. */
export async function readSpend(signal: AbortSignal): Promise<SpendReport> {
  return (await request("/api/v1/spend", { signal })) as SpendReport;
}
