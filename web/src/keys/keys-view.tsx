import { Button } from "@mantine/core";
import { useState } from "react";
import type { KeyView } from "../../../src/client/shapes/key.ts";
import { listKeys } from "../api/access.ts";
import { createLiveList } from "../live/create-live-list.ts";
import { useObserved } from "../live/observable.ts";
import { useLive } from "../live/use-live.ts";
import { ItemList } from "../parts/item-list.tsx";
import { ViewPage } from "../parts/view-page.tsx";
import { CreateKeyDialog } from "./create-key-dialog.tsx";
import { KeyItem } from "./key-item.tsx";
import { RevokeKeyDialog } from "./revoke-key-dialog.tsx";

const TOPICS = ["keys"];
const NO_KEYS =
  "There are no keys. A key lets a program or another agent speak with the runtime as itself, with a role of its own.";

type Opened = { readonly kind: "create" } | { readonly kind: "revoke"; readonly apiKey: KeyView };

/** The keys of the API. */
export function KeysView() {
  const [keys] = useState(() => createLiveList(listKeys));
  const { items } = useObserved(keys.state);
  const [opened, setOpened] = useState<Opened>();
  const [done, setDone] = useState("");
  useLive(TOPICS, keys);

  function open(next: Opened): void {
    setDone("");
    setOpened(next);
  }
  const close = (): void => setOpened(undefined);

  return (
    <ViewPage
      title="Keys"
      done={done}
      buttons={
        <Button size="xs" onClick={() => open({ kind: "create" })}>
          New key…
        </Button>
      }
    >
      <ItemList title="In use" list={keys} shows={isActive} empty={NO_KEYS}>
        {(apiKey) => <KeyItem apiKey={apiKey} onRevoke={() => open({ kind: "revoke", apiKey })} />}
      </ItemList>
      {items?.some((item) => !isActive(item)) && (
        <ItemList title="Revoked" list={keys} shows={(item) => !isActive(item)} empty="">
          {(apiKey) => <KeyItem apiKey={apiKey} onRevoke={undefined} />}
        </ItemList>
      )}
      {opened?.kind === "create" && <CreateKeyDialog onClose={close} />}
      {opened?.kind === "revoke" && (
        <RevokeKeyDialog
          apiKey={opened.apiKey}
          onClose={close}
          onDone={(sentence) => {
            close();
            setDone(sentence);
          }}
        />
      )}
    </ViewPage>
  );
}

function isActive(apiKey: KeyView): boolean {
  return apiKey.status === "active";
}
