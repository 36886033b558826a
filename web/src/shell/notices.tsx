import { Alert, Button } from "@mantine/core";
import type { RuntimeInfo } from "../../../src/client/shapes/info.ts";
import classes from "./notices.module.css";

interface NoticesProps {
  readonly info: RuntimeInfo;
  /** The version this page came with. */
  readonly firstVersion: string;
}

/** What the owner should know though nobody asked: a channel that does not work, a page older than the runtime. */
export function Notices({ info, firstVersion }: NoticesProps) {
  const broken = info.channels.filter(
    (channel) => channel.state === "degraded" || channel.state === "stopped",
  );
  return (
    <div className={classes["notices"]} role="status">
      {broken.map((channel) => (
        <Alert
          key={`${channel.connector}:${channel.account}`}
          variant="light"
          color="orange"
          radius={0}
          className={classes["notice"]}
        >
          <strong className={classes["connector"]}>{channel.connector}</strong>{" "}
          {channel.message === "" ? "does not work right now." : channel.message}
        </Alert>
      ))}
      {info.version !== firstVersion && (
        <Alert variant="light" color="indigo" radius={0} className={classes["notice"]}>
          The runtime was updated to {info.version}.{" "}
          <Button variant="default" size="compact-sm" onClick={() => location.reload()}>
            Reload
          </Button>
        </Alert>
      )}
    </div>
  );
}
