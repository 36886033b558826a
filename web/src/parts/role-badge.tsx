import { Badge } from "@mantine/core";
import type { Role } from "../../../src/core/access/role.ts";

export function RoleBadge({ role }: { readonly role: Role }) {
  const isHigh = role === "overlord" || role === "admin";
  return (
    <Badge
      variant="light"
      size="sm"
      radius="sm"
      color={isHigh ? "indigo" : "gray"}
      tt="none"
      fw={600}
    >
      {role}
    </Badge>
  );
}
