import { Button } from "@mantine/core";
import { Fragment, type ReactNode, useId } from "react";
import type { LiveList } from "../live/create-live-list.ts";
import { useObserved } from "../live/observable.ts";
import classes from "./item-list.module.css";
import { Problem } from "./problem.tsx";
import { useAction } from "./use-action.ts";

interface ItemListProps<T> {
  readonly title: string;
  readonly list: LiveList<T>;
  /** Which of them are shown here; all when it is left out. */
  readonly shows?: (item: T) => boolean;
  /** Said when there is nothing. */
  readonly empty: ReactNode;
  /** Stands beside the title. */
  readonly control?: ReactNode;
  readonly children: (item: T) => ReactNode;
}

/** A part of a view: a title and a list that stays true, a page at a time. */
export function ItemList<T extends { readonly id: string }>(props: ItemListProps<T>) {
  const { title, list, shows = () => true, empty, control, children } = props;
  const { items, hasMore, problem } = useObserved(list.state);
  const more = useAction();
  const titleId = useId();
  const shown = items?.filter(shows);
  return (
    <section aria-labelledby={titleId} aria-busy={items === undefined} className={classes["part"]}>
      <div className={classes["top"]}>
        <h3 id={titleId} className={classes["title"]}>
          {title}
        </h3>
        {control}
      </div>
      <Problem text={problem} />
      {shown?.length === 0 && !hasMore && <p className={classes["empty"]}>{empty}</p>}
      {shown !== undefined && shown.length > 0 && (
        <ul className={classes["list"]}>
          {shown.map((item) => (
            <Fragment key={item.id}>{children(item)}</Fragment>
          ))}
        </ul>
      )}
      {hasMore && (
        <Button
          variant="default"
          loading={more.isBusy}
          onClick={() =>
            more.run(async (signal) => {
              await list.more(signal);
              return undefined;
            })
          }
        >
          Show more
        </Button>
      )}
      <Problem text={more.problem} />
    </section>
  );
}
