import { Button } from "@mantine/core";
import { useState } from "react";
import type { ContextView } from "../../../src/client/shapes/context.ts";
import type { WorkspaceView } from "../../../src/client/shapes/workspace.ts";
import { may } from "../../../src/core/access/permission.ts";
import { listContexts, listWorkspaces } from "../api/contexts.ts";
import { createLiveList, type LiveList } from "../live/create-live-list.ts";
import { useLive } from "../live/use-live.ts";
import { ItemList } from "../parts/item-list.tsx";
import { ViewPage } from "../parts/view-page.tsx";
import { useConsole } from "../shell/console-context.ts";
import { BindDialog } from "./bind-dialog.tsx";
import { ContextItem } from "./context-item.tsx";
import { CreateWorkspaceDialog } from "./create-workspace-dialog.tsx";
import { ResetDialog } from "./reset-dialog.tsx";
import { WorkspaceItem } from "./workspace-item.tsx";

const TOPICS = ["contexts", "workspaces"];

type Opened =
  | { readonly kind: "create" }
  | { readonly kind: "bind"; readonly context: ContextView }
  | { readonly kind: "reset"; readonly context: ContextView };

/** The conversations there are, what holds in them, and the workspaces they belong to. */
export function ContextsView() {
  const { role } = useConsole();
  const [contexts] = useState(() => createLiveList(listContexts));
  const [workspaces] = useState(() => createLiveList(listWorkspaces));
  const [opened, setOpened] = useState<Opened>();
  const [done, setDone] = useState("");
  useLive(TOPICS, contexts);
  const mayManage = may(role, "manage:workspaces");

  function open(next: Opened): void {
    setDone("");
    setOpened(next);
  }

  return (
    <ViewPage
      title="Contexts"
      done={done}
      buttons={
        mayManage && (
          <Button size="xs" onClick={() => open({ kind: "create" })}>
            New workspace…
          </Button>
        )
      }
    >
      <ItemList title="Conversations" list={contexts} empty="Nobody has said anything yet.">
        {(context) => (
          <ContextItem
            context={context}
            onBind={() => open({ kind: "bind", context })}
            onReset={() => open({ kind: "reset", context })}
          />
        )}
      </ItemList>
      {mayManage && <WorkspaceList list={workspaces} />}
      {opened !== undefined && (
        <OpenedDialog
          opened={opened}
          workspaces={workspaces}
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

function WorkspaceList({ list }: { readonly list: LiveList<WorkspaceView> }) {
  useLive(TOPICS, list);
  return (
    <ItemList title="Workspaces" list={list} empty="There are none.">
      {(workspace) => <WorkspaceItem workspace={workspace} />}
    </ItemList>
  );
}

interface OpenedDialogProps {
  readonly opened: Opened;
  readonly workspaces: LiveList<WorkspaceView>;
  readonly onClose: () => void;
  /** Closes as well, and tells what was done. */
  readonly onDone: (sentence: string) => void;
}

function OpenedDialog({ opened, workspaces, ...rest }: OpenedDialogProps) {
  switch (opened.kind) {
    case "create":
      return <CreateWorkspaceDialog {...rest} />;
    case "bind":
      return <BindDialog context={opened.context} workspaces={workspaces} {...rest} />;
    case "reset":
      return <ResetDialog context={opened.context} {...rest} />;
  }
}
