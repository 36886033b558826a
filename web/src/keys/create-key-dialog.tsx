import { Button, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { CreatedKey } from "../../../src/client/shapes/key.ts";
import type { Role } from "../../../src/core/access/role.ts";
import { createKey } from "../api/access.ts";
import { isUnanswered } from "../api/api-error.ts";
import { Dialog } from "../parts/dialog.tsx";
import formClasses from "../parts/form.module.css";
import { Problem } from "../parts/problem.tsx";
import { RoleField } from "../parts/role-field.tsx";
import { useAction } from "../parts/use-action.ts";
import { NewSecret } from "./new-secret.tsx";

const UNANSWERED =
  "The runtime does not answer. If the key comes to stand in the list all the same, revoke it: nobody has seen it.";

/** Makes a key and shows it, this once: what is closed here is not kept anywhere. */
export function CreateKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const [created, setCreated] = useState<CreatedKey>();
  if (created === undefined) {
    return (
      <Dialog title="New key" onClose={onClose}>
        <CreateKeyForm onCreated={setCreated} />
      </Dialog>
    );
  }
  return (
    <Dialog key="secret" title="Copy the key now" onClose={onClose}>
      <NewSecret created={created} onClose={onClose} />
    </Dialog>
  );
}

function CreateKeyForm({ onCreated }: { readonly onCreated: (created: CreatedKey) => void }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("member");
  const action = useAction();

  function submit(event: FormEvent): void {
    event.preventDefault();
    action.run(async (signal) => {
      try {
        onCreated(await createKey({ name: name.trim(), role }, signal));
        return undefined;
      } catch (error) {
        if (isUnanswered(error)) return UNANSWERED;
        throw error;
      }
    });
  }

  return (
    <form className={formClasses["form"]} onSubmit={submit}>
      <TextInput
        label="Name"
        description="Whose key it is, to tell it from others."
        autoComplete="off"
        maxLength={200}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <RoleField value={role} onChange={setRole} />
      <Problem text={action.problem} />
      <div className={formClasses["buttons"]}>
        <Button type="submit" disabled={name.trim() === ""} loading={action.isBusy}>
          Make the key
        </Button>
      </div>
    </form>
  );
}
