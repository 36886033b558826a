import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { ApprovalView } from "../../../src/client/shapes/approval.ts";
import { showUnseen } from "../../../src/core/tool/clean-text.ts";
import { decideApproval } from "../api/approvals.ts";
import { ConfirmDialog } from "../parts/confirm-dialog.tsx";
import { useAction } from "../parts/use-action.ts";

interface DenyDialogProps {
  readonly approval: ApprovalView;
  readonly onClose: () => void;
  readonly onDone: (sentence: string) => void;
}

/** Refuses a call, with a reason if there is one. */
export function DenyDialog({ approval, onClose, onDone }: DenyDialogProps) {
  const [reason, setReason] = useState("");
  const action = useAction();

  function deny(): void {
    action.run(async (signal) => {
      await decideApproval(approval.id, { approved: false, note: reason.trim() }, signal);
      onDone(`${approval.tool} is denied. The work goes on without it.`);
      return undefined;
    });
  }

  return (
    <ConfirmDialog
      title="Deny this?"
      confirm="Deny"
      action={action}
      onConfirm={deny}
      onClose={onClose}
    >
      <p>{showUnseen(approval.line)}</p>
      <TextInput
        label="Reason"
        description="The model is told it, and it stays on record. It may be left empty."
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
    </ConfirmDialog>
  );
}
