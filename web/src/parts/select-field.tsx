import { Input } from "@mantine/core";
import { type ReactNode, useId } from "react";
import { Icon } from "../icons/icon.tsx";

interface SelectFieldProps {
  readonly label: string;
  /** Told to screen readers only. */
  readonly isLabelHidden?: boolean;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** `option` elements. */
  readonly children: ReactNode;
}

/** The browser's own choice of one. */
export function SelectField(props: SelectFieldProps) {
  const { label, isLabelHidden = false, value, onChange, children } = props;
  const id = useId();
  return (
    <Input.Wrapper label={isLabelHidden ? undefined : label} id={id}>
      <Input
        component="select"
        id={id}
        aria-label={isLabelHidden ? label : undefined}
        pointer
        rightSection={<Icon name="choose" size={18} />}
        rightSectionPointerEvents="none"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {children}
      </Input>
    </Input.Wrapper>
  );
}
