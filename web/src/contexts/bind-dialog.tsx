import { useState } from "react";
import type { ContextView } from "../../../src/client/shapes/context.ts";
import type { WorkspaceView } from "../../../src/client/shapes/workspace.ts";
import { bindContext } from "../api/contexts.ts";
import type { LiveList } from "../live/create-live-list.ts";
import { useObserved } from "../live/observable.ts";
import { ConfirmDialog } from "../parts/confirm-dialog.tsx";
import { NameText } from "../parts/name-text.tsx";
import { SelectField } from "../parts/select-field.tsx";
import { showableName } from "../parts/showable-name.ts";
import { useAction } from "../parts/use-action.ts";
import { nameOfContext } from "./context-words.ts";

interface BindDialogProps {
  readonly context: ContextView;
  readonly workspaces: LiveList<WorkspaceView>;
  readonly onClose: () => void;
  readonly onDone: (sentence: string) => void;
}

/** Moves a chat into another workspace. */
export function BindDialog({ context, workspaces, onClose, onDone }: BindDialogProps) {
  const { items = [], hasMore } = useObserved(workspaces.state);
  const [workspaceId, setWorkspaceId] = useState("");
  const action = useAction();
  const name = nameOfContext(context);

  function bind(): void {
    action.run(async (signal) => {
      if (workspaceId === "") return "Choose a workspace.";
      const body = { context_id: context.id, workspace_id: workspaceId };
      const done = await bindContext(body, signal);
      onDone(`${name} is in ${showableName(done.workspace_name)} now.`);
      return undefined;
    });
  }

  return (
    <ConfirmDialog
      title="Move into another workspace"
      confirm="Move"
      isHarmful={false}
      action={action}
      onConfirm={bind}
      onClose={onClose}
    >
      <p>
        What comes next in <NameText name={name} /> belongs there, with the topics of a group. Tasks
        and files that there are stay where they are.
      </p>
      <SelectField label="Workspace" value={workspaceId} onChange={setWorkspaceId}>
        <option value="">Choose…</option>
        {items
          .filter(({ id }) => id !== context.workspace_id)
          .map((workspace) => (
            <option key={workspace.id} value={workspace.id}>
              {`${showableName(workspace.name)} (…${workspace.id.slice(-6)})`}
            </option>
          ))}
        {hasMore && <option disabled>others, once the list below shows them</option>}
      </SelectField>
    </ConfirmDialog>
  );
}
