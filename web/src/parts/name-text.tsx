import classes from "./name-text.module.css";
import { showableName } from "./showable-name.ts";

/** A name that somebody chose for themselves: shown apart from what stands around it, and proof of nothing. */
export function NameText({ name }: { readonly name: string }) {
  return <bdi className={classes["name"]}>{showableName(name)}</bdi>;
}
