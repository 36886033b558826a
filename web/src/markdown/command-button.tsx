import { Button } from "@mantine/core";
import { type ReactNode, useContext } from "react";
import { SayContext } from "./say-context.ts";

interface CommandButtonProps {
  readonly command: string;
  readonly children: ReactNode;
}

/** A button of an answer: says its command as if it had been typed. */
export function CommandButton({ command, children }: CommandButtonProps) {
  const say = useContext(SayContext);
  return (
    <Button size="xs" fw={500} variant="default" title={command} onClick={() => say(command)}>
      {children}
    </Button>
  );
}
