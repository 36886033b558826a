import classes from "./account-text.module.css";

interface AccountTextProps {
  readonly connector: string;
  /** What the platform vouches for; it never changes. */
  readonly id: string;
}

/** Who somebody is, by what nobody can choose: `telegram 2002`. */
export function AccountText({ connector, id }: AccountTextProps) {
  return (
    <span className={classes["account"]}>
      <span className={classes["connector"]}>{connector}</span> <bdi>{id}</bdi>
    </span>
  );
}
