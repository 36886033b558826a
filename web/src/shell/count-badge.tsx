import { VisuallyHidden } from "@mantine/core";
import classes from "./count-badge.module.css";

interface CountBadgeProps {
  readonly count: number | string;
  /** Of what: for whoever does not see where it stands. */
  readonly of: string;
}

/** How many of something there are, beside its name. */
export function CountBadge({ count, of }: CountBadgeProps) {
  return (
    <span className={classes["count"]}>
      {count}
      <VisuallyHidden component="span"> {of}</VisuallyHidden>
    </span>
  );
}
