import type { PairingView } from "../../../src/client/shapes/pairing.ts";
import type { UserView } from "../../../src/client/shapes/user.ts";
import type { LiveList } from "../live/create-live-list.ts";
import { Dialog } from "../parts/dialog.tsx";
import { DecideForm } from "./decide-form.tsx";

interface DecideDialogProps {
  readonly pairing: PairingView;
  readonly users: LiveList<UserView>;
  readonly onClose: () => void;
  readonly onDone: (sentence: string) => void;
}

/** Decides about a request of the list, by the code that the person was shown. */
export function DecideDialog({ pairing, users, onClose, onDone }: DecideDialogProps) {
  return (
    <Dialog title="Let in or turn away?" onClose={onClose}>
      <DecideForm pairing={pairing} knownCode={undefined} users={users} onDone={onDone} />
    </Dialog>
  );
}
