import { CommandButton } from "../markdown/command-button.tsx";
import classes from "./empty-log.module.css";

export function EmptyLog() {
  return (
    <div className={classes["empty"]}>
      <p>Nothing has been said yet. Write below, or begin with one of these.</p>
      <div className={classes["buttons"]}>
        <CommandButton command="/help">What can you do?</CommandButton>
        <CommandButton command="/status">Status</CommandButton>
      </div>
    </div>
  );
}
