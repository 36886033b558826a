import { Button } from "@mantine/core";
import { useContext, useDeferredValue } from "react";
import { Icon } from "../icons/icon.tsx";
import type { Draft } from "../live/draft.ts";
import { MarkdownText } from "../markdown/markdown-text.tsx";
import { SayContext } from "../markdown/say-context.ts";
import classes from "./work-in-progress.module.css";

interface WorkInProgressProps {
  readonly isRunning: boolean;
  readonly drafts: readonly Draft[];
}

/** The answer so far and that work goes on; a draft that comes after its answer is not shown. Its line keeps its place when there is none, so that nothing jumps. */
export function WorkInProgress({ isRunning, drafts }: WorkInProgressProps) {
  const say = useContext(SayContext);
  const shown = useDeferredValue(drafts);
  return (
    <>
      {(isRunning ? shown : []).map((draft) => (
        <div key={draft.runId}>
          <MarkdownText text={draft.text} />
          <p className={classes["later"]}>&nbsp;</p>
        </div>
      ))}
      <div className={classes["line"]}>
        <span role="status" className={classes["words"]}>
          {isRunning && (
            <>
              <span className={classes["dots"]} aria-hidden="true">
                <i />
                <i />
                <i />
              </span>
              Working…
            </>
          )}
        </span>
        {isRunning && (
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            leftSection={<Icon name="stop" size={12} />}
            className={classes["stop"]}
            onClick={() => say("stop")}
          >
            Stop
          </Button>
        )}
      </div>
    </>
  );
}
