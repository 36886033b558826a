import type { Actor } from "../core/access/actor.ts";
import { may } from "../core/access/permission.ts";
import type { MailHead } from "../core/delivery/mail.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { Effect } from "../core/effect/effect.ts";
import { AppError } from "../core/errors.ts";
import { laneOf } from "../core/job/lanes.ts";
import { contextById } from "../store/queries/contexts.ts";
import { type DeliveryRow, deliveriesOfMail } from "../store/queries/deliveries.ts";
import { jobsOfLane } from "../store/queries/jobs.ts";
import { runRowById } from "../store/queries/runs.ts";
import type { Reader } from "../store/store.ts";
import { type Authorized, authorize, type OperationDeps } from "./operation.ts";
import { reviseMailCard } from "./revise-mail-card.ts";
import { nameDecider } from "./revise-routed-card.ts";
import { cleanId, type Noun, notFound } from "./typed-id.ts";

const MAIL: Noun = { prefix: "mail", name: "mail" };

export interface CancelledMail extends Decision {
  readonly head: MailHead;
  /** Who is sent nothing. */
  readonly spared: readonly string[];
}

/**
 * Takes back a mail that still waits, from all whom it has not begun to go to.
 * @throws AppError `not_found`, `conflict` (it does not wait any more), `access_denied`.
 */
export async function cancelMail(
  deps: OperationDeps,
  actor: Actor,
  input: { readonly mail: string; readonly contextId: string | null },
): Promise<CancelledMail> {
  const who = await authorize(deps, actor, "cancel:own-work");
  const rows = await findMail(deps.store, who, input);
  const waiting = rows.filter(({ state }) => state === "pending");
  const [first] = waiting;
  if (first === undefined) throw new AppError("conflict", whyNot(rows));
  const head = JSON.parse(first.mail ?? "") as MailHead;
  const ends = await Promise.all(waiting.map((row) => takeBack(deps.store, row, actor.id)));
  const card = await reviseMailCard(deps, head, `Taken back by ${nameDecider(actor)}`);
  return {
    effects: [...ends.flat(), ...card],
    seen: who.seen,
    head,
    spared: waiting.map((row) => row.external_id),
  };
}

/** @throws AppError `not_found` when there is none that they may know of, `access_denied` when it is not theirs to end. */
async function findMail(
  store: Reader,
  who: Authorized,
  { mail, contextId }: { readonly mail: string; readonly contextId: string | null },
): Promise<readonly DeliveryRow[]> {
  const typed = cleanId(mail);
  const rows = await store.all(deliveriesOfMail, { mailId: typed });
  const [row] = rows;
  if (row === undefined) throw notFound(MAIL, typed);
  const run = await store.first(runRowById, { id: row.run_id ?? "" });
  if (run?.user_id === who.userId) return rows;
  const context = await store.first(contextById, { id: row.context_id });
  const isNear = context?.workspace_id === who.workspaceId || row.context_id === contextId;
  if (!isNear && !may(who.role, "read:all")) throw notFound(MAIL, typed);
  if (may(who.role, "cancel:any-work")) return rows;
  throw new AppError(
    "access_denied",
    "Somebody else had this mail sent. Taking it back takes the role operator or higher.",
  );
}

async function takeBack(
  store: Reader,
  { id }: DeliveryRow,
  withdrawnBy: string,
): Promise<readonly Effect[]> {
  const lane = laneOf.mail(id);
  const jobs = await store.all(jobsOfLane, { lane });
  return [
    { type: "withdraw-mail", deliveryId: id, withdrawnBy },
    ...jobs.map((job): Effect => ({ type: "remove-job", jobId: job.id, lane })),
  ];
}

function whyNot(rows: readonly DeliveryRow[]): string {
  const isTakenBack = rows.every(({ state }) => state === "dropped");
  return isTakenBack
    ? "This mail was taken back already."
    : "This mail no longer waits: it has gone to the mail server, or is on its way.";
}
