import type { KeyView } from "../../../src/client/shapes/key.ts";
import { revokeKey } from "../api/access.ts";
import { ConfirmDialog } from "../parts/confirm-dialog.tsx";
import { NameText } from "../parts/name-text.tsx";
import { showableName } from "../parts/showable-name.ts";
import { useAction } from "../parts/use-action.ts";

interface RevokeKeyDialogProps {
  readonly apiKey: KeyView;
  readonly onClose: () => void;
  readonly onDone: (sentence: string) => void;
}

export function RevokeKeyDialog({ apiKey, onClose, onDone }: RevokeKeyDialogProps) {
  const action = useAction();

  function revoke(): void {
    action.run(async (signal) => {
      await revokeKey(apiKey.id, signal);
      onDone(`The key ${showableName(apiKey.name)} (${apiKey.prefix}…) is revoked.`);
      return undefined;
    });
  }

  return (
    <ConfirmDialog
      title="Revoke this key?"
      confirm="Revoke"
      action={action}
      onConfirm={revoke}
      onClose={onClose}
    >
      <p>
        <NameText name={apiKey.name} /> (<code>{apiKey.prefix}…</code>) is refused at once, and so
        is every page it opened. It cannot be taken back: whoever uses it needs a new key.
      </p>
    </ConfirmDialog>
  );
}
