import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { createWorkspace } from "../api/contexts.ts";
import { Dialog } from "../parts/dialog.tsx";
import formClasses from "../parts/form.module.css";
import { Problem } from "../parts/problem.tsx";
import { showableName } from "../parts/showable-name.ts";
import { useAction } from "../parts/use-action.ts";

interface CreateWorkspaceDialogProps {
  readonly onClose: () => void;
  readonly onDone: (sentence: string) => void;
}

export function CreateWorkspaceDialog({ onClose, onDone }: CreateWorkspaceDialogProps) {
  const [name, setName] = useState("");
  const action = useAction();

  function submit(event: FormEvent): void {
    event.preventDefault();
    action.run(async (signal) => {
      const made = await createWorkspace(name.trim(), signal);
      onDone(`The workspace ${showableName(made.name)} is made. Move chats into it below.`);
      return undefined;
    });
  }

  return (
    <Dialog title="New workspace" onClose={onClose}>
      <form className={formClasses["form"]} onSubmit={submit}>
        <TextInput
          label="Name"
          description="Chats that are moved into it share their tasks and who supervises them."
          autoComplete="off"
          maxLength={200}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Problem text={action.problem} />
        <div className={formClasses["buttons"]}>
          <Button type="submit" disabled={name.trim() === ""} loading={action.isBusy}>
            Make the workspace
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
