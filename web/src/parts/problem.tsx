import classes from "./problem.module.css";

/** Why something was not done, beside what was to do it. */
export function Problem({ text }: { readonly text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <p role="alert" className={classes["problem"]}>
      {text}
    </p>
  );
}
