import type { ReactNode } from "react";
import classes from "./item.module.css";

interface ItemProps {
  readonly title: ReactNode;
  /** Beside the title: a state, a time. */
  readonly aside?: ReactNode;
  readonly buttons?: ReactNode;
  readonly children?: ReactNode;
}

/** One thing in a list. */
export function Item({ title, aside, buttons, children }: ItemProps) {
  return (
    <li className={classes["item"]}>
      <div className={classes["what"]}>
        <div className={classes["title"]}>
          <span className={classes["main"]}>{title}</span>
          {aside}
        </div>
        {children}
      </div>
      {buttons !== undefined && <div className={classes["buttons"]}>{buttons}</div>}
    </li>
  );
}

interface ItemFactsProps {
  readonly isImportant?: boolean;
  /** Ids, to copy into a command. */
  readonly isId?: boolean;
  readonly children: ReactNode;
}

/** A line below the title, quiet unless it is important. */
export function ItemFacts({ isImportant, isId, children }: ItemFactsProps) {
  return (
    <p className={classes["facts"]} data-important={isImportant} data-id={isId}>
      {children}
    </p>
  );
}
