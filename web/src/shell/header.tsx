import { ActionIcon, Button } from "@mantine/core";
import type { RuntimeInfo } from "../../../src/client/shapes/info.ts";
import iconUrl from "../icon.svg";
import { Icon } from "../icons/icon.tsx";
import { type Observable, useObserved } from "../live/observable.ts";
import type { Connection } from "../live/stay-connected.ts";
import { toRole } from "../parts/role-words.ts";
import type { Tasks } from "../tasks/create-tasks.ts";
import { isUnfinished } from "../tasks/task-words.ts";
import { CountBadge } from "./count-badge.tsx";
import type { Waiting } from "./create-waiting.ts";
import classes from "./header.module.css";
import { ViewNav } from "./view-nav.tsx";
import type { View } from "./views.ts";

interface HeaderProps extends Waiting {
  readonly info: RuntimeInfo;
  readonly connection: Observable<Connection>;
  readonly tasks: Tasks;
  readonly view: View;
  readonly areTasksOpen: boolean;
  readonly onToggleTasks: () => void;
  readonly onLogOut: () => Promise<void>;
}

export function Header(props: HeaderProps) {
  const { info, areTasksOpen, onToggleTasks, onLogOut } = props;
  const connection = useObserved(props.connection);
  const { items } = useObserved(props.tasks.state);
  const waiting = {
    people: countWords(useObserved(props.pairings.state)),
    approvals: countWords(useObserved(props.approvals.state)),
  };
  const unfinished = items?.filter(isUnfinished).length ?? 0;
  return (
    <header className={classes["header"]}>
      <img src={iconUrl} alt="" width={30} height={30} />
      <div className={classes["names"]}>
        <h1 className={classes["name"]}>{info.name}</h1>
        <p className={classes["state"]} role="status" data-connection={connection}>
          {connection === "reconnecting" ? "Reconnecting…" : `Model: ${info.model}`}
        </p>
      </div>
      <ViewNav role={toRole(info.user.role)} current={props.view} waiting={waiting} />
      <Button
        id="open-tasks"
        variant={areTasksOpen ? "light" : "subtle"}
        color={areTasksOpen ? "indigo" : "gray"}
        size="sm"
        leftSection={<Icon name="tasks" size={18} />}
        aria-expanded={areTasksOpen}
        aria-controls="tasks"
        className={classes["button"]}
        onClick={onToggleTasks}
      >
        Tasks
        {unfinished > 0 && <CountBadge count={unfinished} of="unfinished" />}
      </Button>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label="Log out"
        title={`Log out ${info.user.display_name} (${info.user.role})`}
        className={classes["button"]}
        onClick={() => {
          onLogOut().catch(() => undefined);
        }}
      >
        <Icon name="leave" />
      </ActionIcon>
    </header>
  );
}

/** How many there are as far as they were read; empty for none. */
function countWords({
  items = [],
  hasMore,
}: {
  readonly items: readonly unknown[] | undefined;
  readonly hasMore: boolean;
}): string {
  return items.length === 0 ? "" : `${items.length}${hasMore ? "+" : ""}`;
}
