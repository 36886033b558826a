import { Button } from "@mantine/core";
import { useState } from "react";
import type { PairingLink } from "../../../src/client/shapes/pairing.ts";
import { createPairingLink } from "../api/access.ts";
import { Dialog } from "../parts/dialog.tsx";
import formClasses from "../parts/form.module.css";
import { Problem } from "../parts/problem.tsx";
import { useAction } from "../parts/use-action.ts";
import { useTimeLeft } from "./use-time-left.ts";

/** Pairs the owner's own Telegram account, by a link that the bot trusts once. */
export function TelegramLinkDialog({ onClose }: { readonly onClose: () => void }) {
  const [link, setLink] = useState<PairingLink>();
  const action = useAction();

  function make(): void {
    action.run(async (signal) => {
      setLink(await createPairingLink(signal));
      return undefined;
    });
  }

  return (
    <Dialog title="Your own Telegram account" onClose={onClose}>
      <div className={formClasses["form"]}>
        <p>
          A link to the bot makes the account that opens it yours, with all you may do. It works
          once, for ten minutes. Give it to nobody.
        </p>
        {link !== undefined && <MadeLink link={link} />}
        <Problem text={action.problem} />
        <div className={formClasses["buttons"]}>
          <Button
            variant={link === undefined ? "filled" : "default"}
            data-autofocus
            loading={action.isBusy}
            onClick={make}
          >
            {link === undefined ? "Make the link" : "Make another link"}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function MadeLink({ link }: { readonly link: PairingLink }) {
  const left = useTimeLeft(link.expires_at_unix);
  if (left === undefined) return <p role="status">The link ran out.</p>;
  return (
    <p>
      <a href={link.url} target="_blank" rel="noopener noreferrer">
        {link.url}
      </a>{" "}
      <span className={formClasses["quiet"]}>({left} left)</span>
    </p>
  );
}
