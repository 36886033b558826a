import { Badge } from "@mantine/core";

/** The time by which it was to be done has passed. */
export function OverdueBadge() {
  return (
    <Badge variant="light" size="sm" radius="sm" color="red" tt="none" fw={600}>
      Overdue
    </Badge>
  );
}
