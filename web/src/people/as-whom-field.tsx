import type { UserView } from "../../../src/client/shapes/user.ts";
import { may } from "../../../src/core/access/permission.ts";
import type { LiveList } from "../live/create-live-list.ts";
import { useObserved } from "../live/observable.ts";
import { roleOption, rolesToGive } from "../parts/role-words.ts";
import { SelectField } from "../parts/select-field.tsx";
import { showableName } from "../parts/showable-name.ts";
import { useConsole } from "../shell/console-context.ts";
import type { AsWhom } from "./as-whom.ts";

interface AsWhomFieldProps {
  readonly value: AsWhom;
  readonly onChange: (asWhom: AsWhom) => void;
  readonly users: LiveList<UserView>;
}

/** The role of a new person, none above one's own; or, for whoever manages access, a person who is there already. */
export function AsWhomField({ value, onChange, users }: AsWhomFieldProps) {
  const { role: own } = useConsole();
  const { items = [], hasMore } = useObserved(users.state);
  return (
    <SelectField label="Role" value={value} onChange={(next) => onChange(next as AsWhom)}>
      {rolesToGive(own).map((role) => (
        <option key={role} value={`role:${role}`}>
          {roleOption(role).label}
        </option>
      ))}
      {may(own, "manage:access") && items.length > 0 && (
        <optgroup label="Another account of">
          {items.map((user) => (
            <option key={user.id} value={`user:${user.id}`}>
              {`${showableName(user.display_name)} (${user.role}, …${user.id.slice(-6)})`}
            </option>
          ))}
          {hasMore && <option disabled>others, once the list below shows them</option>}
        </optgroup>
      )}
    </SelectField>
  );
}
