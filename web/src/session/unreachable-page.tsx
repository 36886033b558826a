import classes from "./centered-page.module.css";
import { CenteredPage } from "./centered-page.tsx";

/** Shown when the page came from the browser's memory but the runtime is not there. */
export function UnreachablePage() {
  return (
    <CenteredPage title="The runtime does not answer">
      <p role="status">This page goes on trying and opens by itself.</p>
      <p className={classes["quiet"]}>
        If it was stopped, start it again: <code>agent-runtime serve</code>.
      </p>
    </CenteredPage>
  );
}
