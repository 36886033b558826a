import { TextInput } from "@mantine/core";
import classes from "../parts/form.module.css";

interface CodeFieldProps {
  readonly value: string;
  readonly onChange: (code: string) => void;
  /** How it begins, when that is known. */
  readonly hint?: string;
}

/** A pairing code, as somebody reads it out. */
export function CodeField({ value, onChange, hint }: CodeFieldProps) {
  const beginning = hint === undefined ? "" : ` It begins with ${hint}.`;
  return (
    <TextInput
      className={classes["mono"]}
      label="Code"
      description={`What /pair showed to the person.${beginning}`}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={200}
      data-autofocus
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
