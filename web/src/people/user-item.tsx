import { Button } from "@mantine/core";
import type { UserView } from "../../../src/client/shapes/user.ts";
import { AccountText } from "../parts/account-text.tsx";
import { Item, ItemFacts } from "../parts/item.tsx";
import { NameText } from "../parts/name-text.tsx";
import { RoleBadge } from "../parts/role-badge.tsx";
import { showableName } from "../parts/showable-name.ts";
import { useConsole } from "../shell/console-context.ts";
import { fullTime } from "../time/time-words.ts";
import { isAdminToken } from "./is-admin-token.ts";
import classes from "./user-item.module.css";

type Identity = UserView["identities"][number];

interface UserItemProps {
  readonly user: UserView;
  readonly mayManage: boolean;
  readonly onChangeRole: () => void;
  readonly onUnlink: (identity: Identity) => void;
}

/** A person who is let in, with the accounts they are known by. */
export function UserItem({ user, mayManage, onChangeRole, onUnlink }: UserItemProps) {
  const { userId } = useConsole();
  const name = showableName(user.display_name);
  return (
    <Item
      title={<NameText name={user.display_name} />}
      aside={
        <>
          <RoleBadge role={user.role} />
          {user.id === userId && <span className={classes["you"]}>you</span>}
        </>
      }
      buttons={
        mayManage ? (
          <Button
            variant="default"
            size="compact-sm"
            fw={500}
            aria-label={`Change the role of ${name}`}
            onClick={onChangeRole}
          >
            Change role…
          </Button>
        ) : undefined
      }
    >
      <ItemFacts>
        <span className={classes["id"]}>{user.id}</span>, since {fullTime(user.created_at)}
      </ItemFacts>
      <ul className={classes["accounts"]} aria-label={`Accounts of ${name}`}>
        {user.identities.map((identity) => (
          <li key={identity.id} className={classes["account"]}>
            <AccountText connector={identity.connector} id={identity.connector_user_id} />
            {identity.display_name !== user.display_name && (
              <NameText name={identity.display_name} />
            )}
            {mayManage && !isAdminToken(identity) && (
              <Button
                variant="subtle"
                color="red"
                size="compact-sm"
                fw={500}
                aria-label={`Unlink ${identity.connector} ${identity.connector_user_id}`}
                onClick={() => onUnlink(identity)}
              >
                Unlink…
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Item>
  );
}
