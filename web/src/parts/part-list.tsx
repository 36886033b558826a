import { type ReactNode, useId } from "react";
import classes from "./item-list.module.css";

interface PartListProps {
  readonly title: string;
  /** Nothing is shown without any. */
  readonly children: readonly ReactNode[];
}

/** A part of a view: a title and what there is. */
export function PartList({ title, children }: PartListProps) {
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
