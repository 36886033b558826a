import { Button } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { PairingView } from "../../../src/client/shapes/pairing.ts";
import type { UserView } from "../../../src/client/shapes/user.ts";
import { lookUpPairing } from "../api/access.ts";
import type { LiveList } from "../live/create-live-list.ts";
import { Dialog } from "../parts/dialog.tsx";
import formClasses from "../parts/form.module.css";
import { Problem } from "../parts/problem.tsx";
import { useAction } from "../parts/use-action.ts";
import { CodeField } from "./code-field.tsx";
import { DecideForm } from "./decide-form.tsx";
import { Requester } from "./requester.tsx";

interface LookUpDialogProps {
  readonly users: LiveList<UserView>;
  readonly onClose: () => void;
  readonly onDone: (sentence: string) => void;
}

/** Shows what has become of the request behind a code, and decides about it while it is open. */
export function LookUpDialog({ users, onClose, onDone }: LookUpDialogProps) {
  const [code, setCode] = useState("");
  const [found, setFound] = useState<PairingView>();
  const action = useAction();

  function submit(event: FormEvent): void {
    event.preventDefault();
    action.run(async (signal) => {
      setFound(await lookUpPairing(code.trim(), signal));
      return undefined;
    });
  }

  if (found?.status === "pending") {
    return (
      <Dialog key="decide" title="Let in or turn away?" onClose={onClose}>
        <DecideForm pairing={found} knownCode={code.trim()} users={users} onDone={onDone} />
      </Dialog>
    );
  }
  return (
    <Dialog title="Enter a pairing code" onClose={onClose}>
      <form className={formClasses["form"]} onSubmit={submit}>
        <CodeField
          value={code}
          onChange={(next) => {
            setCode(next);
            setFound(undefined);
          }}
        />
        {found !== undefined && <Outcome pairing={found} />}
        <Problem text={action.problem} />
        <div className={formClasses["buttons"]}>
          <Button type="submit" disabled={code.trim() === ""} loading={action.isBusy}>
            Show the request
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** A request that is over. */
function Outcome({ pairing }: { readonly pairing: PairingView }) {
  return (
    <div role="status">
      <Requester pairing={pairing} />
      <p>{sentenceFor(pairing)}</p>
    </div>
  );
}

function sentenceFor(pairing: PairingView): string {
  const by = pairing.approver_user_id === "" ? "" : ` by ${pairing.approver_user_id}`;
  switch (pairing.status) {
    case "approved":
      return `Was let in${by}. The code is used up.`;
    case "denied":
      return `Was turned away${by}: ${pairing.denied_reason}`;
    default:
      return `The code has ended: ${pairing.expired_reason}. The person can ask again with /pair.`;
  }
}
