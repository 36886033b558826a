import { showUnseen } from "../../../src/core/tool/clean-text.ts";
import classes from "./data-block.module.css";

/** Data of others, whole, with what is unseen in it shown. */
export function DataBlock({ of: data }: { readonly of: unknown }) {
  return <pre className={classes["data"]}>{showUnseen(JSON.stringify(data, null, 2))}</pre>;
}
