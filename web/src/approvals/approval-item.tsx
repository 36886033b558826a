import { Badge, Button } from "@mantine/core";
import type { ApprovalView } from "../../../src/client/shapes/approval.ts";
import type { ApprovalState } from "../../../src/core/approval/approval.ts";
import { shorten } from "../../../src/core/shorten.ts";
import { showUnseen } from "../../../src/core/tool/clean-text.ts";
import { decideApproval } from "../api/approvals.ts";
import { DataBlock } from "../parts/data-block.tsx";
import { Item, ItemFacts } from "../parts/item.tsx";
import { NameText } from "../parts/name-text.tsx";
import { Problem } from "../parts/problem.tsx";
import { useAction } from "../parts/use-action.ts";
import { fullTime } from "../time/time-words.ts";

const STATE_WORDS: Readonly<Record<ApprovalState, string>> = {
  pending: "Open",
  approved: "Approved",
  denied: "Denied",
  expired: "Expired",
  withdrawn: "Not needed any more",
};
const STATE_COLORS: Readonly<Record<ApprovalState, string>> = {
  pending: "indigo",
  approved: "green",
  denied: "red",
  expired: "gray",
  withdrawn: "gray",
};

/** Of what its buttons are about, for who hears the page. */
const LONGEST_NAME = 100;

interface ApprovalItemProps {
  readonly approval: ApprovalView;
  readonly onDeny: () => void;
  readonly onDone: (sentence: string) => void;
}

/** A call that a person is asked about: what exactly it does, for whom, and what was read before it. */
export function ApprovalItem({ approval, onDeny, onDone }: ApprovalItemProps) {
  const { id, state, tool, line } = approval;
  const action = useAction();
  const named = shorten(`${tool}: ${showUnseen(line)}`, LONGEST_NAME);

  function approve(): void {
    onDone("");
    action.run(async (signal) => {
      const done = await decideApproval(id, { approved: true, note: "" }, signal);
      onDone(`${tool} is approved. ${whatFollows(done)}`);
      return undefined;
    });
  }

  return (
    <Item
      title={tool}
      aside={
        <Badge variant="light" size="sm" radius="sm" color={STATE_COLORS[state]} tt="none" fw={600}>
          {STATE_WORDS[state]}
        </Badge>
      }
      buttons={
        state === "pending" ? (
          <>
            <Button
              aria-label={`Approve ${named}`}
              size="compact-sm"
              fw={500}
              loading={action.isBusy}
              onClick={approve}
            >
              Approve
            </Button>
            <Button
              aria-label={`Deny ${named}`}
              variant="default"
              c="var(--mantine-color-error)"
              size="compact-sm"
              fw={500}
              disabled={action.isBusy}
              onClick={onDeny}
            >
              Deny…
            </Button>
          </>
        ) : undefined
      }
    >
      <ItemFacts isImportant>{showUnseen(line)}</ItemFacts>
      {approval.is_repeat && (
        <ItemFacts isImportant>
          The runtime ended while this was being done: it may have happened already.
        </ItemFacts>
      )}
      <DataBlock of={approval.arguments} />
      <Sources of={approval.tainted_by} />
      <ItemFacts>
        For <NameText name={approval.requested_by} />, {fullTime(approval.created_at)}
      </ItemFacts>
      <ItemFacts>{approval.in_words}</ItemFacts>
      <ItemFacts isId>
        {[id, approval.message_id, approval.task_id].filter(Boolean).join(" · ")}
      </ItemFacts>
      <Problem text={action.problem} />
    </Item>
  );
}

function whatFollows({ id, execution }: ApprovalView): string {
  if (execution !== "delayed") return "The work goes on by itself.";
  return `Until it is sent, /cancel ${id} in the chat takes it back.`;
}

function Sources({ of: sources }: { readonly of: readonly string[] }) {
  if (sources.length === 0) return null;
  return (
    <>
      <ItemFacts isImportant>
        The work has read what others wrote, who may have led it here:
      </ItemFacts>
      {sources.map((source) => (
        <ItemFacts key={source}>{source}</ItemFacts>
      ))}
    </>
  );
}
