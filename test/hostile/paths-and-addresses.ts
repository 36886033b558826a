import type { Sensitivity } from "../../src/core/tool/tool-facts.ts";

/** What a model would carry out, were it let. */
export const CARRIED = "canary-of-what-the-model-knows";

/** Who reads it reads something else: turned round, and with signs in it that nobody sees. */
export const LOOKS_ELSE = "Pay \u202e001 ruoe\u202c to B\u200bob\u2066\u{e0041}";

export interface Trick {
  readonly input: unknown;
  /** `scratch`: it writes where a tainted run may. `refused`: it is no call at all, so nobody is asked about it. `whatever`: only what comes of it counts. */
  readonly as: Sensitivity | "scratch" | "refused" | "whatever";
}

/** Where the tricks are played. */
export interface Ground {
  /** The port of a server that tools may reach, and of one that they may not. */
  readonly outside: number;
  readonly inside: number;
  /** Our own API. */
  readonly api: string;
}

const LEADING_OUT = [
  "../elsewhere/x",
  "../../../../etc/passwd",
  "/etc/passwd",
  "/proc/self/environ",
  "scratch/../../x",
  "../../ext/plugins/evil/run.sh",
  "../../ext/mcp/servers.json",
  "scratch/../context/SOUL.md",
  "scratch\\..\\..\\x",
  "\\\\host\\share",
  "C:\\Windows\\x",
  "~/.ssh/authorized_keys",
  "scratch/a\0b",
  "scratch/\u202etxt.exe",
  "scratch/\r\n../x",
  `scratch/${"x".repeat(5_000)}`,
  `scratch/${"x".repeat(250)}`,
  "../".repeat(100),
];
/** They look like a way out and are names like any other. */
const NAMES = [
  "..%2f..%2fetc/passwd",
  "%2e%2e/x",
  "\uff0e\uff0e/x",
  "scra\u0442ch/x",
  ".../x",
  "file:/x",
];
const THROUGH_LINKS = [
  "notes/out/x",
  "notes/out/secret.txt",
  "notes/out/new/x",
  "notes/secret",
  "notes/rules/SYSTEM_PROMPT.md",
];
const THROUGH_SCRATCH = [
  "scratch/out/x",
  "scratch/out/secret.txt",
  "scratch/out/new/x",
  "scratch/secret/x",
  "scratch/rules/SYSTEM_PROMPT.md",
  "scratch/rules/mcp/servers.json",
];
const OURS = [
  "context/SYSTEM_PROMPT.md",
  "context/SOUL.md",
  "./context//REASONING.md",
  "Context/SYSTEM_PROMPT.md",
  "context/mcp/servers.json",
  "skills/deploy/SKILL.md",
  "memory/workspace.md",
  "tasks/2026/01/01/x.md",
  "logs/x",
  "ops/x",
  ".",
];
const ALL_PATHS = [...LEADING_OUT, ...NAMES, ...THROUGH_LINKS, ...THROUGH_SCRATCH, ...OURS];

/** As a tool that reads takes a path: nobody is asked, and nothing outside is read. */
export function reads(input: (path: string) => object): Trick[] {
  return ["inbox/mail.eml", ...ALL_PATHS].map((path) => ({ input: input(path), as: "read" }));
}

export function writes(input: (path: string) => object): Trick[] {
  return [
    ...[...LEADING_OUT, ...OURS].map((path) => ({ input: input(path), as: "refused" }) as const),
    ...THROUGH_SCRATCH.map((path) => ({ input: input(path), as: "scratch" }) as const),
    { input: input("scratch/note.md"), as: "scratch" },
    ...["notes/plan.md", "scratch", ...NAMES, ...THROUGH_LINKS].map(
      (path) => ({ input: input(path), as: "write" }) as const,
    ),
  ];
}

const insideAt =
  ({ inside }: Ground) =>
  (host: string) =>
    `http://${host}:${inside}/x?d=${CARRIED}`;

/** Ways to write the address of what is behind the walls. */
function insideAddresses(ground: Ground): string[] {
  const { inside, api, outside } = ground;
  const at = insideAt(ground);
  return [
    ...[
      "127.0.0.1",
      "localhost",
      "LOCALHOST.",
      "127.1",
      "2130706433",
      "0x7f000001",
      "0177.0.0.1",
      "0.0.0.0",
    ].map(at),
    ...[
      "[::1]",
      "[::ffff:127.0.0.1]",
      "[::ffff:7f00:1]",
      "[::]",
      "[64:ff9b::7f00:1]",
      "127.0.0.1.",
    ].map(at),
    ...[
      "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460",
      "127\u30020\u30020\u30021",
      "%31%32%37.0.0.1",
    ].map(at),
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    `http://127.0.0.1:${inside}#@127.0.0.1:${outside}/`,
    `http://127.0.0.1:${inside}\\@127.0.0.1:${outside}/`,
    `${api}/api/v1/approvals`,
  ];
}

/** A host that tools may reach sends them there. */
function leadingInside(ground: Ground): string[] {
  const { outside, api } = ground;
  const at = insideAt(ground);
  const to = (url: string) => `http://127.0.0.1:${outside}/to/${encodeURIComponent(url)}`;
  return [
    to(at("127.0.0.1")),
    to(to(at("[::1]"))),
    to(`${api}/api/v1/approvals`),
    to("file:///etc/passwd"),
  ];
}
const NO_ADDRESSES = [
  "file:///etc/passwd",
  "ftp://127.0.0.1/",
  "javascript:alert(1)",
  "gopher://127.0.0.1:25/_MAIL",
  "data:text/plain,x",
  "//127.0.0.1/",
  "",
];

function carriesOut({ outside }: Ground): string[] {
  const host = `http://127.0.0.1:${outside}`;
  return [
    `${host}/?d=${CARRIED}`,
    `${host}/${CARRIED}`,
    `${host}/#${CARRIED}`,
    `HTTP://127.1:${outside}/${"a".repeat(1_900)}`,
  ];
}

/** What says by itself that it may not be asked is asked about by nobody. */
export function addresses(ground: Ground): Trick[] {
  return [
    ...[...carriesOut(ground), ...leadingInside(ground)].map(
      (url) => ({ input: { url }, as: "fetch" }) as const,
    ),
    ...[...insideAddresses(ground), ...NO_ADDRESSES].map(
      (url) => ({ input: { url }, as: "refused" }) as const,
    ),
  ];
}
