import { useEffect, useState } from "react";
import { explainMessage } from "../api/deliveries.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Problem } from "../parts/problem.tsx";
import { useAction } from "../parts/use-action.ts";
import classes from "./explain-dialog.module.css";

interface ExplainDialogProps {
  readonly messageId: string;
  readonly onClose: () => void;
}

/** What became of a message, from who sent it to where the reply is now. */
export function ExplainDialog({ messageId, onClose }: ExplainDialogProps) {
  const [lines, setLines] = useState<readonly string[]>([]);
  const { run, problem } = useAction();

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for each message, not at every drawing
  useEffect(() => {
    run(async (signal) => {
      setLines(await explainMessage(messageId, signal));
      return undefined;
    });
  }, [messageId]);

  return (
    <Dialog title="What happened" onClose={onClose}>
      <Problem text={problem} />
      <p role="status" className={classes["lines"]}>
        {lines.join("\n")}
      </p>
    </Dialog>
  );
}
