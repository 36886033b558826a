import type { UserView } from "../../../src/client/shapes/user.ts";
import { unlinkIdentity } from "../api/access.ts";
import { AccountText } from "../parts/account-text.tsx";
import { ConfirmDialog } from "../parts/confirm-dialog.tsx";
import { NameText } from "../parts/name-text.tsx";
import { useAction } from "../parts/use-action.ts";
import { useConsole } from "../shell/console-context.ts";

export interface Account {
  readonly user: UserView;
  readonly identity: UserView["identities"][number];
}

interface UnlinkDialogProps {
  readonly account: Account;
  readonly onClose: () => void;
  readonly onDone: (sentence: string) => void;
}

/** Says what unlinking does to this account and this person, and does it. */
export function UnlinkDialog({ account, onClose, onDone }: UnlinkDialogProps) {
  const { user, identity } = account;
  const { userId } = useConsole();
  const action = useAction();
  const others = user.identities.length - 1;

  function unlink(): void {
    action.run(async (signal) => {
      await unlinkIdentity(identity.id, signal);
      onDone(`${identity.connector} ${identity.connector_user_id} is a stranger again.`);
      return undefined;
    });
  }

  return (
    <ConfirmDialog
      title="Unlink this account?"
      confirm="Unlink"
      action={action}
      onConfirm={unlink}
      onClose={onClose}
    >
      <div>
        <AccountText connector={identity.connector} id={identity.connector_user_id} /> of{" "}
        <NameText name={user.display_name} />
      </div>
      <p>
        The account is a stranger's again at once: it is not answered any more, its private chats
        leave the workspace and lose what was set in them, and every page of this person is logged
        out.
      </p>
      <p>
        {others === 0
          ? "It is their only account: they are out, and the work they asked for ends at its next step."
          : `They stay in with ${others === 1 ? "one other account" : `${others} other accounts`}, and their work goes on.`}
        {user.id === userId && " This is you: this page is logged out as well."}
      </p>
    </ConfirmDialog>
  );
}
