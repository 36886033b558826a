import { isAmong } from "../core/tool/given-addresses.ts";
import { linkedUserById } from "../store/queries/people.ts";
import { runRowById } from "../store/queries/runs.ts";
import type { Reader } from "../store/store.ts";
import { findGivenAddresses } from "./find-given-addresses.ts";
import type { WorkFacts } from "./work-scene.ts";

/** What a run may do now: the role that whoever it is for holds at this moment, and whose words it has read. */
export async function readWorkFacts(
  store: Reader,
  { runId, userId }: { readonly runId: string; readonly userId: string | null },
): Promise<WorkFacts> {
  const [run, user] = await Promise.all([
    store.first(runRowById, { id: runId }),
    store.first(linkedUserById, { id: userId ?? "" }),
  ]);
  const isTainted = run?.taint !== 0;
  // Nobody asks about addresses before the work is tainted.
  const given = isTainted && run !== undefined ? await findGivenAddresses(store, run) : [];
  return {
    seen: [{ table: "runs", id: runId, version: run?.version ?? 0 }],
    role: user?.role,
    roleSeen: user === undefined ? [] : [{ table: "users", id: user.id, version: user.version }],
    isTainted,
    isGivenAddress: (address) => isAmong(given, address),
    model: run?.model ?? undefined,
    taintedBy: JSON.parse(run?.tainted_by ?? "[]") as string[],
  };
}
