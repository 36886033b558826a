import classes from "./centered-page.module.css";
import { CenteredPage } from "./centered-page.tsx";

const OPENINGS = {
  "no-session": "This page opens with a login link.",
  "link-used": "That link no longer works: each works once, for 10 minutes.",
  ended: "You are logged out.",
} as const;

/** Says how to get in. */
export function LoggedOutPage({ why }: { readonly why: keyof typeof OPENINGS }) {
  return (
    <CenteredPage title="Log in">
      <p role="status">{OPENINGS[why]} On the machine that runs agent-runtime, type</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={classes["command"]} tabIndex={0}>
        agent-runtime login
      </pre>
      <p>and open the link it prints in this browser.</p>
      <p className={classes["quiet"]}>
        Not installed as a command? In its folder, type <code>npx agent-runtime login</code>.
      </p>
    </CenteredPage>
  );
}
