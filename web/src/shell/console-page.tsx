import { useCallback, useEffect, useMemo, useState } from "react";
import type { RuntimeInfo } from "../../../src/client/shapes/info.ts";
import { ConversationView } from "../conversation/conversation-view.tsx";
import { useObserved } from "../live/observable.ts";
import { PressContext, SayContext } from "../markdown/say-context.ts";
import { toRole } from "../parts/role-words.ts";
import { openBrowserStorage } from "../storage/browser-storage.ts";
import { TasksPanel } from "../tasks/tasks-panel.tsx";
import { ConsoleContext } from "./console-context.ts";
import classes from "./console-page.module.css";
import { createConsole } from "./create-console.ts";
import { Header } from "./header.tsx";
import { Notices } from "./notices.tsx";
import { OpenedView } from "./opened-view.tsx";
import { useView } from "./use-view.ts";
import type { View } from "./views.ts";

interface ConsolePageProps {
  readonly info: RuntimeInfo;
  readonly onLoggedOut: () => void;
  readonly onLogOut: () => Promise<void>;
}

/** The page of somebody who is logged in. */
export function ConsolePage({ info: firstInfo, onLoggedOut, onLogOut }: ConsolePageProps) {
  const [storage] = useState(openBrowserStorage);
  const [console] = useState(() => createConsole({ info: firstInfo, storage, onLoggedOut }));
  const view = useView();
  // Another view begins without them: on a narrow screen they would hide it.
  const [tasksOpenIn, setTasksOpenIn] = useState<View>();
  const areTasksOpen = tasksOpenIn === view;
  const info = useObserved(console.info);
  const { id: userId, role } = info.user;
  const hasTelegram = info.channels.some(
    ({ connector, account }) => connector === "telegram" && account !== "",
  );
  const shared = useMemo(
    () => ({
      userId,
      role: toRole(role),
      hasTelegram,
      pairings: console.pairings,
      approvals: console.approvals,
      follow: console.follow,
      expire: onLoggedOut,
    }),
    [userId, role, hasTelegram, console, onLoggedOut],
  );
  const closeTasks = useCallback(() => {
    setTasksOpenIn(undefined);
    document.getElementById("open-tasks")?.focus();
  }, []);

  useEffect(() => {
    const life = new AbortController();
    console.run(life.signal).catch(() => undefined);
    return () => life.abort();
  }, [console]);

  return (
    <SayContext value={console.say}>
      <PressContext value={console.press}>
        <div className={classes["page"]}>
          <Header
            info={info}
            connection={console.connection}
            tasks={console.tasks}
            pairings={console.pairings}
            approvals={console.approvals}
            view={view}
            areTasksOpen={areTasksOpen}
            onToggleTasks={() => setTasksOpenIn(areTasksOpen ? undefined : view)}
            onLogOut={onLogOut}
          />
          <Notices info={info} firstVersion={firstInfo.version} />
          <ConsoleContext value={shared}>
            <div className={classes["body"]} data-tasks-open={areTasksOpen || undefined}>
              {view.id === "chat" ? (
                <ConversationView
                  conversation={console.conversation}
                  onSay={console.say}
                  storage={storage}
                  userId={userId}
                />
              ) : (
                <OpenedView view={view} />
              )}
              {areTasksOpen && <TasksPanel tasks={console.tasks} onClose={closeTasks} />}
            </div>
          </ConsoleContext>
        </div>
      </PressContext>
    </SayContext>
  );
}
