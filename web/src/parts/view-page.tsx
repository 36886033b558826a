import { type ReactNode, useEffect, useRef } from "react";
import classes from "./view-page.module.css";

export const HEADING_ID = "view-heading";

interface ViewPageProps {
  readonly title: string;
  readonly buttons?: ReactNode;
  /** What was done last, for everybody to see and hear. */
  readonly done: string;
  readonly children: ReactNode;
}

/**
 * A view beside the conversation. Its heading takes the focus when it opens, and after something was done: what did it
 * is often gone with it.
 */
export function ViewPage({ title, buttons, done, children }: ViewPageProps) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    ref.current?.focus();
    const before = document.title;
    document.title = `${title} · ${before}`;
    return () => {
      document.title = before;
    };
  }, [title]);
  useEffect(() => {
    if (done !== "") ref.current?.focus({ preventScroll: true });
  }, [done]);
  return (
    <main className={classes["view"]}>
      <div className={classes["column"]}>
        <div className={classes["top"]}>
          <h2 id={HEADING_ID} ref={ref} tabIndex={-1} className={classes["heading"]}>
            {title}
          </h2>
          {buttons !== undefined && <div className={classes["buttons"]}>{buttons}</div>}
        </div>
        <p role="status" className={classes["done"]}>
          {done}
        </p>
        {children}
      </div>
    </main>
  );
}
