import { useCallback, useEffect, useState } from "react";
import type { RuntimeInfo } from "../../../src/client/shapes/info.ts";
import { ConversationView } from "../conversation/conversation-view.tsx";
import { useObserved } from "../live/observable.ts";
import { SayContext } from "../markdown/say-context.ts";
import { openBrowserStorage } from "../storage/browser-storage.ts";
import { TasksPanel } from "../tasks/tasks-panel.tsx";
import classes from "./console-page.module.css";
import { createConsole } from "./create-console.ts";
import { Header } from "./header.tsx";
import { Notices } from "./notices.tsx";

interface ConsolePageProps {
  readonly info: RuntimeInfo;
  readonly onLoggedOut: () => void;
  readonly onLogOut: () => Promise<void>;
}

/** The page of somebody who is logged in. */
export function ConsolePage({ info: firstInfo, onLoggedOut, onLogOut }: ConsolePageProps) {
  const [storage] = useState(openBrowserStorage);
  const [console] = useState(() => createConsole({ info: firstInfo, storage, onLoggedOut }));
  const [areTasksOpen, setTasksOpen] = useState(false);
  const info = useObserved(console.info);
  const closeTasks = useCallback(() => {
    setTasksOpen(false);
    document.getElementById("open-tasks")?.focus();
  }, []);

  useEffect(() => {
    const life = new AbortController();
    console.run(life.signal).catch(() => undefined);
    return () => life.abort();
  }, [console]);

  return (
    <SayContext value={console.say}>
      <div className={classes["page"]}>
        <Header
          info={info}
          connection={console.connection}
          tasks={console.tasks}
          areTasksOpen={areTasksOpen}
          onToggleTasks={() => setTasksOpen((isOpen) => !isOpen)}
          onLogOut={onLogOut}
        />
        <Notices info={info} firstVersion={firstInfo.version} />
        <div className={classes["body"]} data-tasks-open={areTasksOpen || undefined}>
          <ConversationView
            conversation={console.conversation}
            onSay={console.say}
            storage={storage}
            userId={info.user.id}
          />
          {areTasksOpen && <TasksPanel tasks={console.tasks} onClose={closeTasks} />}
        </div>
      </div>
    </SayContext>
  );
}
