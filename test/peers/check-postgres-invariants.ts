import { FORBIDDEN } from "../support/check-invariants.ts";

/** The same as `checkInvariants`, but for the record, which is verified by itself. @throws Error naming every broken one. */
export async function checkPostgresInvariants(
  run: (sql: string) => Promise<readonly unknown[]>,
): Promise<void> {
  const broken: string[] = [];
  for (const [meaning, sql] of Object.entries(FORBIDDEN)) {
    const rows = await run(inPostgres(sql));
    if (rows.length > 0) broken.push(`${meaning}: ${JSON.stringify(rows)}`);
  }
  if (broken.length > 0) throw new Error(`broken invariants:\n${broken.join("\n")}`);
}

function inPostgres(sql: string): string {
  return sql.replace(/json_extract\((\w+\.payload), '\$\.(\w+)'\)/g, "($1::json ->> '$2')");
}
