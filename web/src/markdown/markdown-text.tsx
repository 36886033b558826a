import { memo } from "react";
import { useObserved } from "../live/observable.ts";
import { FallbackBoundary } from "./fallback-boundary.tsx";
import { renderer } from "./load-renderer.ts";
import classes from "./markdown.module.css";

/** Markdown, or its plain text as long as (or in case) the renderer is not there. */
export const MarkdownText = memo(function MarkdownText({ text }: { readonly text: string }) {
  const Rich = useObserved(renderer);
  const plain = <div className={classes["plain"]}>{text}</div>;
  if (Rich === undefined) return plain;
  return (
    <FallbackBoundary fallback={plain}>
      <Rich text={text} />
    </FallbackBoundary>
  );
});
