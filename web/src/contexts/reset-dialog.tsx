import type { ContextView } from "../../../src/client/shapes/context.ts";
import { resetContext } from "../api/contexts.ts";
import { ConfirmDialog } from "../parts/confirm-dialog.tsx";
import { NameText } from "../parts/name-text.tsx";
import { useAction } from "../parts/use-action.ts";
import { nameOfContext } from "./context-words.ts";

interface ResetDialogProps {
  readonly context: ContextView;
  readonly onClose: () => void;
  readonly onDone: (sentence: string) => void;
}

/** Takes away what admins set in a conversation. */
export function ResetDialog({ context, onClose, onDone }: ResetDialogProps) {
  const action = useAction();
  const name = nameOfContext(context);

  function reset(): void {
    action.run(async (signal) => {
      await resetContext(context.id, signal);
      onDone(`Nothing is set any more in ${name}.`);
      return undefined;
    });
  }

  return (
    <ConfirmDialog
      title="Take away what is set there?"
      confirm="Reset"
      action={action}
      onConfirm={reset}
      onClose={onClose}
    >
      <p>
        <NameText name={name} /> is no admin channel any more, and its prompt and settings are gone.
        Its history and tasks stay.
      </p>
    </ConfirmDialog>
  );
}
