import type { Role } from "../../../src/core/access/role.ts";
import { useConsole } from "../shell/console-context.ts";
import { roleOption, rolesToGive, toRole } from "./role-words.ts";
import { SelectField } from "./select-field.tsx";

interface RoleFieldProps {
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}

/** A role, none above one's own. */
export function RoleField({ value, onChange }: RoleFieldProps) {
  const { role: own } = useConsole();
  return (
    <SelectField label="Role" value={value} onChange={(name) => onChange(toRole(name) ?? value)}>
      {rolesToGive(own)
        .map(roleOption)
        .map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
    </SelectField>
  );
}
