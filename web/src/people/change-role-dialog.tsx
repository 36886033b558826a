import { useState } from "react";
import type { UserView } from "../../../src/client/shapes/user.ts";
import { changeRole } from "../api/access.ts";
import { AccountText } from "../parts/account-text.tsx";
import { ConfirmDialog } from "../parts/confirm-dialog.tsx";
import { NameText } from "../parts/name-text.tsx";
import { RoleField } from "../parts/role-field.tsx";
import { showableName } from "../parts/showable-name.ts";
import { useAction } from "../parts/use-action.ts";
import { useConsole } from "../shell/console-context.ts";

interface ChangeRoleDialogProps {
  readonly user: UserView;
  readonly onClose: () => void;
  readonly onDone: (sentence: string) => void;
}

export function ChangeRoleDialog({ user, onClose, onDone }: ChangeRoleDialogProps) {
  const { userId } = useConsole();
  const [role, setRole] = useState(user.role);
  const action = useAction();
  const accounts = user.identities.map((it) => `${it.connector} ${it.connector_user_id}`);

  function change(): void {
    action.run(async (signal) => {
      await changeRole({ user_id: user.id, role }, signal);
      onDone(`${accounts.join(", ")} (${showableName(user.display_name)}) has the role ${role}.`);
      return undefined;
    });
  }

  return (
    <ConfirmDialog
      title="Change the role"
      confirm="Change the role"
      isHarmful={false}
      action={action}
      onConfirm={change}
      onClose={onClose}
    >
      {user.identities.map((identity) => (
        <div key={identity.id}>
          <AccountText connector={identity.connector} id={identity.connector_user_id} />
        </div>
      ))}
      <p>
        <NameText name={user.display_name} /> has the role {user.role}. Another one holds from their
        next message on.
        {user.id === userId && " This is you: with less, this page offers less."}
      </p>
      <RoleField value={role} onChange={setRole} />
    </ConfirmDialog>
  );
}
