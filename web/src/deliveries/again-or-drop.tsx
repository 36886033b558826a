import { Button } from "@mantine/core";

interface AgainOrDropProps {
  /** What doing it again is called. */
  readonly again: string;
  readonly isBusy: boolean;
  /** Left out when it would do nothing, as is the other. */
  readonly onAgain: (() => void) | undefined;
  readonly onDrop: (() => void) | undefined;
}

/** What can be done about something that was given up. */
export function AgainOrDrop({ again, isBusy, onAgain, onDrop }: AgainOrDropProps) {
  return (
    <>
      {onAgain && (
        <Button variant="default" size="compact-sm" fw={500} loading={isBusy} onClick={onAgain}>
          {again}
        </Button>
      )}
      {onDrop && (
        <Button
          variant="default"
          c="var(--mantine-color-error)"
          size="compact-sm"
          fw={500}
          onClick={onDrop}
        >
          Drop…
        </Button>
      )}
    </>
  );
}
