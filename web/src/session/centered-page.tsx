import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import iconUrl from "../icon.svg";
import classes from "./centered-page.module.css";

/** A page that says one thing. */
export function CenteredPage({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <main className={classes["page"]}>
      <div className={classes["column"]}>
        <img className={classes["icon"]} src={iconUrl} alt="" width={44} height={44} />
        <Title order={1} size="1.375rem">
          {title}
        </Title>
        {children}
      </div>
    </main>
  );
}
