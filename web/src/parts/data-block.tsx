import { showUnseen } from "../../../src/core/tool/clean-text.ts";
import classes from "./data-block.module.css";

/** Data of others, whole, with what is unseen in it shown. */
export function DataBlock({ of: data }: { readonly of: unknown }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <pre className={classes["data"]} tabIndex={0}>
      {showUnseen(JSON.stringify(data, null, 2))}
    </pre>
  );
}
