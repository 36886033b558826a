import { Button } from "@mantine/core";
import { type ReactNode, useContext, useState } from "react";
import { PressContext, SaidContext } from "./say-context.ts";

interface CommandButtonProps {
  readonly command: string;
  /** Which button it is, in every tab and after a reload. Without one it is another each time it is shown. */
  readonly pressId?: string;
  readonly children: ReactNode;
}

/** A button of an answer: says its command, and that a button did, once. */
export function CommandButton({ command, pressId, children }: CommandButtonProps) {
  const press = useContext(PressContext);
  const said = useContext(SaidContext);
  const [wasPressed, setPressed] = useState(false);
  const isUsed = pressId === undefined ? wasPressed : said.has(pressId);

  function pressOnce(): void {
    setPressed(true);
    press(command, pressId);
  }
  return (
    <Button
      size="xs"
      fw={500}
      variant="default"
      title={command}
      disabled={isUsed}
      onClick={pressOnce}
    >
      {children}
    </Button>
  );
}
