import { Button } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { Dialog } from "./dialog.tsx";
import classes from "./form.module.css";
import { Problem } from "./problem.tsx";
import type { Action } from "./use-action.ts";

interface ConfirmDialogProps {
  readonly title: string;
  /** What happens. */
  readonly children: ReactNode;
  readonly confirm: string;
  readonly isHarmful?: boolean;
  readonly action: Action;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks once more before something that cannot simply be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, confirm, isHarmful = true, action, onConfirm, onClose } = props;
  function submit(event: FormEvent): void {
    event.preventDefault();
    onConfirm();
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form className={classes["form"]} onSubmit={submit}>
        {children}
        <Problem text={action.problem} />
        <div className={classes["buttons"]}>
          <Button variant="default" data-autofocus onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color={isHarmful ? "red" : "indigo"} loading={action.isBusy}>
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
