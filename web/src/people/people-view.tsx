import { Button } from "@mantine/core";
import { useState } from "react";
import type { PairingView } from "../../../src/client/shapes/pairing.ts";
import type { UserView } from "../../../src/client/shapes/user.ts";
import { may } from "../../../src/core/access/permission.ts";
import { listUsers } from "../api/access.ts";
import { createLiveList, type LiveList } from "../live/create-live-list.ts";
import { useLive } from "../live/use-live.ts";
import { ItemList } from "../parts/item-list.tsx";
import { ViewPage } from "../parts/view-page.tsx";
import { useConsole } from "../shell/console-context.ts";
import { ChangeRoleDialog } from "./change-role-dialog.tsx";
import { DecideDialog } from "./decide-dialog.tsx";
import { LookUpDialog } from "./look-up-dialog.tsx";
import { PairingItem } from "./pairing-item.tsx";
import { StartDialog } from "./start-dialog.tsx";
import { TelegramLinkDialog } from "./telegram-link-dialog.tsx";
import { type Account, UnlinkDialog } from "./unlink-dialog.tsx";
import { useRereadAtExpiry } from "./use-reread-at-expiry.ts";
import { UserItem } from "./user-item.tsx";

const USER_TOPICS = ["users", "pairings"];

type Opened =
  | { readonly kind: "look-up" }
  | { readonly kind: "start" }
  | { readonly kind: "telegram" }
  | { readonly kind: "decide"; readonly pairing: PairingView }
  | { readonly kind: "role"; readonly user: UserView }
  | { readonly kind: "unlink"; readonly account: Account };

/** Who asks to be let in, and who was. */
export function PeopleView() {
  const { pairings, role, hasTelegram } = useConsole();
  const [users] = useState(() => createLiveList(listUsers));
  const [opened, setOpened] = useState<Opened>();
  const [done, setDone] = useState("");
  useLive(USER_TOPICS, users);
  useRereadAtExpiry(pairings);
  const mayManage = may(role, "manage:access");

  function open(next: Opened): void {
    setDone("");
    setOpened(next);
  }

  return (
    <ViewPage
      title="People"
      done={done}
      buttons={
        <>
          <Button variant="default" size="xs" onClick={() => open({ kind: "look-up" })}>
            Enter a code…
          </Button>
          <Button variant="default" size="xs" onClick={() => open({ kind: "start" })}>
            Let somebody in…
          </Button>
        </>
      }
    >
      <ItemList
        title="Waiting to be let in"
        list={pairings}
        empty="Nobody is waiting. Whoever sends /pair to the bot in a private chat is shown here."
      >
        {(pairing) => (
          <PairingItem pairing={pairing} onDecide={() => open({ kind: "decide", pairing })} />
        )}
      </ItemList>
      <ItemList
        title="Let in"
        list={users}
        empty="Nobody is let in yet."
        control={
          mayManage &&
          hasTelegram && (
            <Button variant="default" size="xs" onClick={() => open({ kind: "telegram" })}>
              My Telegram account…
            </Button>
          )
        }
      >
        {(user) => (
          <UserItem
            user={user}
            mayManage={mayManage}
            onChangeRole={() => open({ kind: "role", user })}
            onUnlink={(identity) => open({ kind: "unlink", account: { user, identity } })}
          />
        )}
      </ItemList>
      {opened !== undefined && (
        <OpenedDialog
          opened={opened}
          users={users}
          onClose={() => setOpened(undefined)}
          onDone={(sentence) => {
            setOpened(undefined);
            setDone(sentence);
          }}
        />
      )}
    </ViewPage>
  );
}

interface OpenedDialogProps {
  readonly opened: Opened;
  readonly users: LiveList<UserView>;
  readonly onClose: () => void;
  /** Closes as well, and tells what was done. */
  readonly onDone: (sentence: string) => void;
}

function OpenedDialog({ opened, ...rest }: OpenedDialogProps) {
  switch (opened.kind) {
    case "look-up":
      return <LookUpDialog {...rest} />;
    case "start":
      return <StartDialog {...rest} />;
    case "telegram":
      return <TelegramLinkDialog onClose={rest.onClose} />;
    case "decide":
      return <DecideDialog pairing={opened.pairing} {...rest} />;
    case "role":
      return <ChangeRoleDialog user={opened.user} {...rest} />;
    case "unlink":
      return <UnlinkDialog account={opened.account} {...rest} />;
  }
}
