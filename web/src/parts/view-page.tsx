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

/** A view beside the conversation. Its heading takes the focus, so that one is taken to what one opened. */
export function ViewPage({ title, buttons, done, children }: ViewPageProps) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    ref.current?.focus();
  }, []);
  return (
    <main className={classes["view"]}>
      <div className={classes["column"]}>
        <div className={classes["top"]}>
          <h2 id={HEADING_ID} ref={ref} tabIndex={-1} className={classes["heading"]}>
            {title}
          </h2>
          {buttons}
        </div>
        <p role="status" className={classes["done"]}>
          {done}
        </p>
        {children}
      </div>
    </main>
  );
}
