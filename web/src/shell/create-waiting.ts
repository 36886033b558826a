import type { ApprovalView } from "../../../src/client/shapes/approval.ts";
import type { RuntimeInfo } from "../../../src/client/shapes/info.ts";
import type { PairingView } from "../../../src/client/shapes/pairing.ts";
import { may, type Permission } from "../../../src/core/access/permission.ts";
import { listPairings } from "../api/access.ts";
import { listApprovals } from "../api/approvals.ts";
import type { Follower } from "../live/create-followers.ts";
import { createLiveList, type LiveList } from "../live/create-live-list.ts";
import type { Observable } from "../live/observable.ts";
import { toRole } from "../parts/role-words.ts";

/** What waits for a person's decision; empty for whoever may not decide about it. */
export interface Waiting {
  /** Who asks to be let in. */
  readonly pairings: LiveList<PairingView>;
  /** Those that are open. */
  readonly approvals: LiveList<ApprovalView>;
}

export function createWaiting(
  info: Observable<RuntimeInfo>,
  follow: (follower: Follower) => void,
): Waiting {
  const mayDo = (permission: Permission) => may(toRole(info.get().user.role), permission);
  const pairings = createLiveList<PairingView>(async (cursor, signal) =>
    mayDo("decide:pairing") ? await listPairings(cursor, signal) : NOBODY,
  );
  const approvals = createLiveList<ApprovalView>(async (cursor, signal) =>
    mayDo("decide:approval") ? await listApprovals("pending", cursor, signal) : NOBODY,
  );
  follow({ topics: ["pairings"], reread: pairings.reread });
  follow({ topics: ["approvals"], reread: approvals.reread });
  return { pairings, approvals };
}

const NOBODY = { items: [], next_cursor: null };
