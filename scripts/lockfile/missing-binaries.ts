interface LockedPackage {
  readonly version?: string;
  readonly cpu?: readonly string[];
  readonly dev?: true;
  readonly libc?: readonly string[];
  readonly optional?: true;
  readonly os?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** The part of package-lock.json that matters here. */
export interface Lockfile {
  packages: Record<string, LockedPackage>;
}

/** Binaries for other platforms that a package names as optional and the lockfile has no entry for, as entries.
 *  npm leaves them out when its registry does not serve them, and then `npm ci` refuses the lockfile. */
export function findMissingBinaries({ packages }: Lockfile): Record<string, LockedPackage> {
  const missing: Record<string, LockedPackage> = {};
  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const known =
        `${path}/node_modules/${name}` in packages || `node_modules/${name}` in packages;
      if (known) continue;
      const { cpu, os, libc } = platformOf(name);
      missing[`node_modules/${name}`] = {
        version,
        cpu: [cpu],
        ...(dev && { dev }),
        ...(libc && { libc: [libc] }),
        optional: true,
        os: [os],
      };
    }
  }
  return missing;
}

/** `@swc/core-linux-arm64-musl` names its platform. */
function platformOf(name: string): { cpu: string; os: string; libc: string | undefined } {
  const [, os] = /-(android|darwin|freebsd|linux|openharmony|win32)\b/.exec(name) ?? [];
  const [, cpu] = /-(arm64|arm|ia32|loong64|ppc64|riscv64|s390x|x64)\b/.exec(name) ?? [];
  if (os === undefined || cpu === undefined) {
    throw new Error(`${name} does not name its platform. Put it into package-lock.json by hand.`);
  }
  const gnu = os === "linux" && name.includes("gnu") ? "glibc" : undefined;
  return { cpu, os, libc: name.includes("musl") ? "musl" : gnu };
}
