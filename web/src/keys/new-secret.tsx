import { Alert, Button } from "@mantine/core";
import { useRef, useState } from "react";
import type { CreatedKey } from "../../../src/client/shapes/key.ts";
import formClasses from "../parts/form.module.css";
import { NameText } from "../parts/name-text.tsx";
import { RoleBadge } from "../parts/role-badge.tsx";
import classes from "./new-secret.module.css";

interface NewSecretProps {
  readonly created: CreatedKey;
  readonly onClose: () => void;
}

/** A new key's secret. Nothing but this element holds it. */
export function NewSecret({ created, onClose }: NewSecretProps) {
  const secret = useRef<HTMLElement>(null);
  const [copied, setCopied] = useState("");

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(created.key);
      setCopied("Copied.");
    } catch {
      // Without https a browser may refuse: then it is selected, for the keyboard to copy.
      if (secret.current !== null) getSelection()?.selectAllChildren(secret.current);
      setCopied("It is selected: copy it with Ctrl+C, or ⌘C.");
    }
  }

  return (
    <div className={formClasses["form"]}>
      <div>
        <NameText name={created.name} /> <RoleBadge role={created.role} />
      </div>
      <code ref={secret} className={classes["secret"]}>
        {created.key}
      </code>
      <Alert variant="light" color="orange">
        This is the only time it is shown. Whoever has it speaks as this key: keep it like a
        password.
      </Alert>
      <div className={formClasses["buttons"]}>
        <p role="status" className={formClasses["quiet"]}>
          {copied}
        </p>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button
          data-autofocus
          onClick={() => {
            copy().catch(() => undefined);
          }}
        >
          Copy
        </Button>
      </div>
    </div>
  );
}
