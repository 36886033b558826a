import { ActionIcon } from "@mantine/core";
import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { Icon } from "../icons/icon.tsx";
import classes from "./dialog.module.css";
import { HEADING_ID } from "./view-page.tsx";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The browser's own dialog: it keeps the focus inside, and Escape closes it. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  // Before the element is gone: only then does the browser give the focus back.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>("[data-autofocus]")?.focus();
    return () => {
      dialog?.close();
      // What opened it may be gone with what was decided.
      setTimeout(() => {
        if (document.activeElement === document.body) document.getElementById(HEADING_ID)?.focus();
      });
    };
  }, []);

  return (
    <dialog
      ref={ref}
      className={classes["dialog"]}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={(event) => {
        // A browser may close it without asking. What is gone from the page already says nothing.
        if (event.currentTarget.isConnected) onClose();
      }}
    >
      <div className={classes["top"]}>
        <h3 id={titleId} className={classes["title"]}>
          {title}
        </h3>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </ActionIcon>
      </div>
      {children}
    </dialog>
  );
}
