import { ActionIcon, Textarea } from "@mantine/core";
import { type FormEvent, type KeyboardEvent, useRef, useState } from "react";
import { may } from "../../../src/core/access/permission.ts";
import { Icon } from "../icons/icon.tsx";
import { useConsole } from "../shell/console-context.ts";
import classes from "./composer.module.css";

interface ComposerProps {
  readonly onSay: (text: string) => void;
  readonly storage: Storage;
  readonly userId: string;
}

/** Where the person writes. What is written survives a reload until it is sent. */
export function Composer({ onSay, storage, userId }: ComposerProps) {
  const { role } = useConsole();
  const mayWrite = may(role, "converse");
  const draftKey = `agent-runtime.draft.${userId}`;
  const [text, setText] = useState(() => storage.getItem(draftKey) ?? "");
  const [problem, setProblem] = useState("");
  const formRef = useRef<HTMLFormElement>(null);
  const isEmpty = text.trim() === "";

  function change(next: string): void {
    setText(next);
    setProblem("");
    keepDraft(storage, draftKey, next);
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isEmpty) return;
    try {
      onSay(text.trim());
      change("");
    } catch {
      setProblem("This browser has no room to keep a message this long until it is sent.");
    }
  }
  function onKeyDown(event: KeyboardEvent): void {
    // While an input method composes, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    formRef.current?.requestSubmit();
  }

  return (
    <div className={classes["frame"]}>
      <form ref={formRef} className={classes["composer"]} onSubmit={submit}>
        <div className={classes["field"]}>
          <Textarea
            className={classes["input"]}
            aria-label="Message"
            aria-describedby="composer-hint"
            placeholder={mayWrite ? "Write a message" : "You cannot write here"}
            disabled={!mayWrite}
            size="md"
            radius="lg"
            autosize
            minRows={1}
            maxRows={8}
            autoFocus
            data-autofocus
            value={text}
            error={problem || undefined}
            onChange={(event) => change(event.currentTarget.value)}
            onKeyDown={onKeyDown}
          />
          <ActionIcon
            type="submit"
            size={42}
            radius="xl"
            aria-label="Send"
            disabled={isEmpty || !mayWrite}
          >
            <Icon name="send" />
          </ActionIcon>
        </div>
        <p id="composer-hint" className={classes["hint"]}>
          {mayWrite
            ? "Enter sends, Shift + Enter begins a new line. /help shows the commands."
            : `Your role (${role ?? "none"}) only reads. An overlord can give you another.`}
        </p>
      </form>
    </div>
  );
}

function keepDraft(storage: Storage, key: string, text: string): void {
  try {
    if (text === "") storage.removeItem(key);
    else storage.setItem(key, text);
  } catch {
    // No room: the text is still in the field, it only would not survive a reload.
  }
}
