import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type {
  StartedPairingView,
  StartPairingRequest,
} from "../../../src/client/shapes/pairing.ts";
import type { UserView } from "../../../src/client/shapes/user.ts";
import { startPairing } from "../api/access.ts";
import type { LiveList } from "../live/create-live-list.ts";
import { Dialog } from "../parts/dialog.tsx";
import formClasses from "../parts/form.module.css";
import { Problem } from "../parts/problem.tsx";
import { SelectField } from "../parts/select-field.tsx";
import { useAction } from "../parts/use-action.ts";
import { DecideForm } from "./decide-form.tsx";

interface StartDialogProps {
  readonly users: LiveList<UserView>;
  readonly onClose: () => void;
  readonly onDone: (sentence: string) => void;
}

/** Asks for somebody who has not asked themselves, by the number their platform knows them by. */
export function StartDialog({ users, onClose, onDone }: StartDialogProps) {
  const [started, setStarted] = useState<StartedPairingView>();
  if (started === undefined) {
    return (
      <Dialog title="Let somebody in" onClose={onClose}>
        <StartForm onStarted={setStarted} />
      </Dialog>
    );
  }
  return (
    <Dialog key="decide" title="Let in or turn away?" onClose={onClose}>
      <p className={formClasses["quiet"]}>
        Check the number. Somebody else can decide as well, with the code{" "}
        <code>{started.token}</code>.
      </p>
      <DecideForm pairing={started} knownCode={started.token} users={users} onDone={onDone} />
    </Dialog>
  );
}

function StartForm({ onStarted }: { readonly onStarted: (started: StartedPairingView) => void }) {
  const [connector, setConnector] = useState<StartPairingRequest["connector"]>("telegram");
  const [id, setId] = useState("");
  const [name, setName] = useState("");
  const action = useAction();
  const isWhole = id.trim() !== "" && name.trim() !== "";

  function submit(event: FormEvent): void {
    event.preventDefault();
    action.run(async (signal) => {
      const body = { connector, connector_user_id: id.trim(), display_name: name.trim() };
      onStarted(await startPairing(body, signal));
      return undefined;
    });
  }

  return (
    <form className={formClasses["form"]} onSubmit={submit}>
      <SelectField
        label="Where they write"
        value={connector}
        onChange={(value) => setConnector(value === "discord" ? "discord" : "telegram")}
      >
        <option value="telegram">Telegram</option>
        <option value="discord">Discord</option>
      </SelectField>
      <TextInput
        className={formClasses["mono"]}
        label="Id"
        description="The number that the platform knows them by. Not a name: names can be taken."
        inputMode="numeric"
        autoComplete="off"
        maxLength={200}
        data-autofocus
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
      />
      <TextInput
        label="Name"
        description="How to call them here."
        autoComplete="off"
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Problem text={action.problem} />
      <div className={formClasses["buttons"]}>
        <Button type="submit" disabled={!isWhole} loading={action.isBusy}>
          Go on
        </Button>
      </div>
    </form>
  );
}
