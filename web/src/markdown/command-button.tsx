import { Button } from "@mantine/core";
import { type ReactNode, useContext } from "react";
import { PressContext } from "./say-context.ts";

interface CommandButtonProps {
  readonly command: string;
  readonly children: ReactNode;
}

/** A button of an answer: says its command, and that a button did. */
export function CommandButton({ command, children }: CommandButtonProps) {
  const press = useContext(PressContext);
  return (
    <Button size="xs" fw={500} variant="default" title={command} onClick={() => press(command)}>
      {children}
    </Button>
  );
}
