import { execFileSync } from "node:child_process";
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort } from "../support/find-free-port.ts";
import type { Certificate } from "../support/make-certificate.ts";

const NOBODY = 65_534;

export interface Postfix {
  readonly port: number;
  /** Each mail that lies in the mailbox, as it was stored. */
  read(mailbox: string): readonly string[];
  log(): string;
  close(): void;
}

/** A Postfix of its own on a free port, for the mailboxes `ada` and `bob` of a.example. Only root can start it. */
export async function openPostfix(certificate: Certificate): Promise<Postfix> {
  const folder = mkdtempSync(join(tmpdir(), "agent-runtime-postfix-"));
  execFileSync("chmod", ["755", folder]);
  const port = await findFreePort();
  const config = join(folder, "etc");
  for (const name of ["etc", "queue", "data", "mail"]) mkdirSync(join(folder, name));
  const [uid = 0] = execFileSync("id", ["-u", "postfix"], { encoding: "utf8" })
    .split("\n")
    .map(Number);
  chownSync(join(folder, "data"), uid, 0);
  chownSync(join(folder, "mail"), NOBODY, NOBODY);
  writeFileSync(join(folder, "key.pem"), certificate.key, { mode: 0o600 });
  writeFileSync(join(folder, "cert.pem"), certificate.cert);
  writeFileSync(join(folder, "boxes"), "ada@a.example ada/\nbob@a.example bob/\n");
  writeFileSync(join(config, "main.cf"), mainConfig(folder));
  writeFileSync(join(config, "master.cf"), services(port));
  const run = (command: string) =>
    execFileSync("postfix", ["-c", config, command], { stdio: "pipe" });
  run("start");
  return {
    port,
    read(mailbox) {
      const inbox = join(folder, "mail", mailbox, "new");
      try {
        return readdirSync(inbox).map((name) => readFileSync(join(inbox, name), "utf8"));
      } catch {
        return [];
      }
    },
    log: () => readFileSync(join(folder, "log"), "utf8"),
    close() {
      run("abort");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function mainConfig(folder: string): string {
  return `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.a.example
mydestination =
mynetworks =
smtpd_relay_restrictions = reject_unauth_destination
smtpd_tls_security_level = encrypt
smtpd_tls_cert_file = ${folder}/cert.pem
smtpd_tls_key_file = ${folder}/key.pem
smtpd_tls_received_header = yes
message_size_limit = 200000
default_transport = error:nothing leaves here
virtual_mailbox_domains = a.example
virtual_mailbox_base = ${folder}/mail
virtual_mailbox_maps = texthash:${folder}/boxes
virtual_minimum_uid = 1
virtual_uid_maps = static:${NOBODY}
virtual_gid_maps = static:${NOBODY}
`;
}

function services(port: number): string {
  return `127.0.0.1:${port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`;
}
