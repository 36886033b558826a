import { useState } from "react";
import type { ApprovalView } from "../../../src/client/shapes/approval.ts";
import { listApprovals } from "../api/approvals.ts";
import { createLiveList } from "../live/create-live-list.ts";
import { useLive } from "../live/use-live.ts";
import { ItemList } from "../parts/item-list.tsx";
import { ViewPage } from "../parts/view-page.tsx";
import { useConsole } from "../shell/console-context.ts";
import { ApprovalItem } from "./approval-item.tsx";
import { DenyDialog } from "./deny-dialog.tsx";

const TOPICS = ["approvals"];

/** What waits for a decision, and below it what was decided. */
export function ApprovalsView() {
  const { approvals: open } = useConsole();
  const [all] = useState(() =>
    createLiveList<ApprovalView>((cursor, signal) => listApprovals(undefined, cursor, signal)),
  );
  const [denying, setDenying] = useState<ApprovalView>();
  const [done, setDone] = useState("");
  useLive(TOPICS, all);

  function deny(approval: ApprovalView): void {
    setDone("");
    setDenying(approval);
  }
  const item = (approval: ApprovalView) => (
    <ApprovalItem approval={approval} onDeny={() => deny(approval)} onDone={setDone} />
  );

  return (
    <ViewPage title="Approvals" done={done}>
      <ItemList
        title="Open"
        list={open}
        empty="Nothing waits for an approval. What the agent may not do by itself is asked here, and in the chats of admins."
      >
        {item}
      </ItemList>
      <ItemList title="Decided" list={all} shows={isDecided} empty="Nothing was decided yet.">
        {item}
      </ItemList>
      {denying !== undefined && (
        <DenyDialog
          approval={denying}
          onClose={() => setDenying(undefined)}
          onDone={(sentence) => {
            setDenying(undefined);
            setDone(sentence);
          }}
        />
      )}
    </ViewPage>
  );
}

function isDecided({ state }: ApprovalView): boolean {
  return state !== "pending";
}
