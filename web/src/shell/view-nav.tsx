import { may } from "../../../src/core/access/permission.ts";
import type { Role } from "../../../src/core/access/role.ts";
import { CountBadge } from "./count-badge.tsx";
import classes from "./view-nav.module.css";
import { hrefOf, VIEWS, type View } from "./views.ts";

interface ViewNavProps {
  readonly role: Role | undefined;
  readonly current: View;
  /** How many people wait to be let in; empty for none. */
  readonly waiting: string;
}

/** The views that this person may open. */
export function ViewNav({ role, current, waiting }: ViewNavProps) {
  const views = VIEWS.filter((view) => may(role, view.permission));
  return (
    <nav className={classes["nav"]} aria-label="Views">
      {views.map((view) => (
        <a
          key={view.id}
          href={hrefOf(view)}
          className={classes["link"]}
          aria-current={view === current ? "page" : undefined}
        >
          {view.label}
          {view.id === "people" && waiting !== "" && <CountBadge count={waiting} of="waiting" />}
        </a>
      ))}
    </nav>
  );
}
