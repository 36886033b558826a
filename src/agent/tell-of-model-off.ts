import type { EpochMs } from "../core/clock.ts";
import type { Decision } from "../core/effect/commit.ts";
import { code, doc, p } from "../core/rich-text/build.ts";
import { takeFromCounter } from "../operations/take-from-counter.ts";
import { findAdminContexts, type Happened, sayToAdmins } from "../operations/tell-admins.ts";
import type { Store } from "../store/store.ts";

const BETWEEN_NOTICES_MS = 60 * 60_000;

/** Tells admins that what waits for a model that is switched off fails: each place once an hour, however much it is. */
export async function tellOfModelOff(
  store: Store,
  happened: Happened,
  now: EpochMs,
): Promise<Decision> {
  const deps = { store, now };
  const effects = [];
  const seen = [];
  for (const context of await findAdminContexts(deps, happened)) {
    const one = await takeFromCounter(deps, {
      key: `model-off:${context.id}`,
      windowMs: BETWEEN_NOTICES_MS,
      limit: 1,
    });
    if (one === undefined) continue;
    const said = sayToAdmins(deps, context, notice());
    effects.push(one, ...said.effects);
    seen.push(...said.seen);
  }
  return { effects, seen };
}

function notice() {
  return doc(
    p(
      "The model is switched off, so what was asked for before and not done yet fails now. Who asked is told. ",
      "This is said once an hour at most, not for each of them.",
    ),
    p(
      "See the tasks among it: ",
      code("agent-runtime tasks list --status failed"),
      ". Once the model is on, do one again: ",
      code("agent-runtime tasks retry <task-id>"),
    ),
  );
}
