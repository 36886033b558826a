import { may } from "../../../src/core/access/permission.ts";
import type { Role } from "../../../src/core/access/role.ts";
import { CountBadge } from "./count-badge.tsx";
import classes from "./view-nav.module.css";
import { hrefOf, VIEWS, type View } from "./views.ts";

interface ViewNavProps {
  readonly role: Role | undefined;
  readonly current: View;
  /** How many wait there: people to be let in, approvals to be decided; empty for none. */
  readonly waiting: Readonly<Partial<Record<View["id"], string>>>;
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
          {waiting[view.id] && <CountBadge count={waiting[view.id] ?? ""} of="waiting" />}
        </a>
      ))}
    </nav>
  );
}
