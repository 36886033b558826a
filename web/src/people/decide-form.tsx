import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { PairingView } from "../../../src/client/shapes/pairing.ts";
import type { UserView } from "../../../src/client/shapes/user.ts";
import { nameRequester } from "../../../src/core/access/pairing-name.ts";
import { approvePairing, denyPairing, lookUpPairing } from "../api/access.ts";
import type { LiveList } from "../live/create-live-list.ts";
import formClasses from "../parts/form.module.css";
import { Problem } from "../parts/problem.tsx";
import { showableName } from "../parts/showable-name.ts";
import { useAction } from "../parts/use-action.ts";
import { AS_MEMBER, type AsWhom, toApproval } from "./as-whom.ts";
import { AsWhomField } from "./as-whom-field.tsx";
import { CodeField } from "./code-field.tsx";
import { Requester } from "./requester.tsx";
import { TimeLeft } from "./time-left.tsx";

interface DecideFormProps {
  readonly pairing: PairingView;
  /** The code, when it was entered and found already. */
  readonly knownCode: string | undefined;
  readonly users: LiveList<UserView>;
  readonly onDone: (sentence: string) => void;
}

/** Lets a person in or turns them away. A code of somebody else decides nothing here. */
export function DecideForm({ pairing, knownCode, users, onDone }: DecideFormProps) {
  const [typed, setTyped] = useState("");
  const [asWhom, setAsWhom] = useState<AsWhom>(AS_MEMBER);
  const [isDenying, setDenying] = useState(false);
  const [reason, setReason] = useState("");
  const action = useAction();
  const code = knownCode ?? typed.trim();

  async function refuseOther(signal: AbortSignal): Promise<string | undefined> {
    if (knownCode !== undefined) return undefined;
    const found = await lookUpPairing(code, signal);
    if (found.id === pairing.id) return undefined;
    return `That is the code of another request: ${nameOf(found)}. Nothing was decided.`;
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (code === "") return;
    action.run(async (signal) => {
      const other = await refuseOther(signal);
      if (other !== undefined) return other;
      if (isDenying) {
        await denyPairing({ token: code, reason: reason.trim() }, signal);
        onDone(`${nameOf(pairing)} was turned away.`);
      } else {
        const { role } = await approvePairing({ token: code, ...toApproval(asWhom) }, signal);
        onDone(`${nameOf(pairing)} is let in as ${role}.`);
      }
      return undefined;
    });
  }

  return (
    <form className={formClasses["form"]} onSubmit={submit}>
      <div>
        <Requester pairing={pairing} />
        <p className={formClasses["quiet"]}>
          <TimeLeft pairing={pairing} />
        </p>
      </div>
      {knownCode === undefined && (
        <CodeField value={typed} onChange={setTyped} hint={pairing.token_hint} />
      )}
      {isDenying ? (
        <TextInput
          label="Reason"
          description="Told to the person, and kept in the record. It may stay empty."
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      ) : (
        <AsWhomField value={asWhom} onChange={setAsWhom} users={users} />
      )}
      <Problem text={action.problem} />
      <div className={formClasses["buttons"]}>
        <Button variant="default" onClick={() => setDenying(!isDenying)}>
          {isDenying ? "Let them in instead…" : "Turn away…"}
        </Button>
        <Button
          type="submit"
          color={isDenying ? "red" : "indigo"}
          disabled={code === ""}
          loading={action.isBusy}
        >
          {isDenying ? "Turn away" : "Let in"}
        </Button>
      </div>
    </form>
  );
}

function nameOf(pairing: PairingView): string {
  return nameRequester({
    connector: pairing.connector,
    externalUserId: pairing.connector_user_id,
    displayName: showableName(pairing.display_name),
  });
}
