import { isAtLeast } from "../core/access/role.ts";
import {
  type ApprovalCard,
  approvalCard,
  cardOfApproval,
  veiledCard,
} from "../core/approval/approval-card.ts";
import { needsApprovalToReply, readersOf } from "../core/approval/judge-reply.ts";
import { queueReply } from "../core/delivery/queue-reply.ts";
import type { Decision } from "../core/effect/commit.ts";
import type { EffectOf } from "../core/effect/effect.ts";
import type { RichText } from "../core/rich-text/rich-text.ts";
import { type ContextRow, contextById } from "../store/queries/contexts.ts";
import { linkedUserById } from "../store/queries/people.ts";
import type { ApprovalDeps } from "./approval-deps.ts";
import { approvalJob } from "./approval-job.ts";
import type { OperationDeps } from "./operation.ts";
import { tellAdmins } from "./tell-admins.ts";

export interface AskedFor {
  readonly approval: EffectOf<"open-approval">;
  /** The message, and the platform's id of it, that the work began with. */
  readonly messageId: string | null;
  readonly replyToExternalId: string | null;
  readonly taskId: string | null;
  /** Nothing of the work is said where it came from: a stranger wrote there. */
  readonly isForAdminsOnly: boolean;
}

/**
 * Opens an approval and puts its card before whoever may decide: where the work was asked for, and, unless the person
 * there may approve it themselves, before the admins. Where strangers read on, only they see what a tainted run wants.
 */
export async function askForApproval(deps: ApprovalDeps, asked: AskedFor): Promise<Decision> {
  const { approval, isForAdminsOnly, taskId } = asked;
  const context = await deps.store.first(contextById, { id: approval.contextId });
  const user = await deps.store.first(linkedUserById, { id: approval.requestedByUserId ?? "" });
  const mayDecide = user !== undefined && isAtLeast(user.role, "admin");
  const isVeiled = isSecretIn(context, approval);
  const mayApprove = mayDecide && !deps.twoPersonClasses.includes(approval.toolClass);
  const { id } = approval;
  const about: ApprovalCard = {
    ...approval,
    requester: user?.display_name ?? "nobody we know",
    place: context?.kind === "group" ? context.title : "",
  };
  const card = cardOfApproval(id);
  const isSaidThere = context !== undefined && !isForAdminsOnly;
  const said = isSaidThere
    ? [
        queueReply({
          context,
          body: isVeiled
            ? veiledCard(about)
            : approvalCard(about, mayDecide || context.kind === "group"),
          messageId: asked.messageId,
          runId: approval.runId,
          taskId,
          card,
          replyToExternalId: asked.replyToExternalId,
          now: deps.now,
        }),
      ]
    : [];
  const isEnough = mayApprove && isSaidThere && !isVeiled;
  const told = isEnough ? NOTHING : await tellOthers(deps, asked, about);
  return {
    effects: [
      approval,
      approvalJob("expire-approval", id, approval.remindAtMs),
      ...said,
      ...told.effects,
    ],
    seen: told.seen,
  };
}

function isSecretIn(context: ContextRow | undefined, { taintedBy }: AskedFor["approval"]): boolean {
  if (context === undefined) return false;
  const readers = readersOf({ kind: context.kind, isForAdmins: context.is_admin === 1 });
  return needsApprovalToReply({ isTainted: taintedBy.length > 0, readers });
}

const NOTHING: Decision = { effects: [], seen: [] };

function tellOthers(
  deps: OperationDeps,
  { approval, isForAdminsOnly, taskId }: AskedFor,
  about: ApprovalCard,
): Promise<Decision> {
  const body: RichText = approvalCard(about, true);
  return tellAdmins(deps, body, {
    workspaceId: approval.workspaceId,
    toldInContextId: isForAdminsOnly ? null : approval.contextId,
    ...(taskId === null ? {} : { taskId }),
    card: cardOfApproval(approval.id),
  });
}
