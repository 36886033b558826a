import { type ReactNode, useId } from "react";
import classes from "../parts/item-list.module.css";

interface SumListProps {
  readonly title: string;
  /** Nothing is shown without any. */
  readonly children: readonly ReactNode[];
}

/** A part of the view: a title and what sums there are. */
export function SumList({ title, children }: SumListProps) {
  const titleId = useId();
  if (children.length === 0) return null;
  return (
    <section aria-labelledby={titleId} className={classes["part"]}>
      <div className={classes["top"]}>
        <h3 id={titleId} className={classes["title"]}>
          {title}
        </h3>
      </div>
      <ul className={classes["list"]}>{children}</ul>
    </section>
  );
}
