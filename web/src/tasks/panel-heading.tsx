import { useEffect, useRef } from "react";
import classes from "./tasks-panel.module.css";

/** Takes the focus when it appears: whoever uses the keyboard or a screen reader is taken to what was opened. */
export function PanelHeading({ text }: { readonly text: string }) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    ref.current?.focus();
  }, []);
  return (
    <h2 id="tasks-heading" ref={ref} tabIndex={-1} className={classes["heading"]}>
      {text}
    </h2>
  );
}
