import Database from "better-sqlite3";

/** A program of its own: runs SQLite's check of the file it is given, and prints what is wrong as a JSON list. */
function findDamage(file: string): readonly string[] {
  const database = new Database(file, { readonly: true, fileMustExist: true });
  try {
    const rows = database.pragma("quick_check(20)") as { quick_check: string }[];
    // Told in one line: SQLite puts a heading before each finding.
    const told = rows.map((row) => row.quick_check.replaceAll(/\s+/g, " ").trim());
    return told.filter((text) => text !== "ok");
  } catch (error) {
    // Damage that stops the check itself.
    if (error instanceof Database.SqliteError && error.code.startsWith("SQLITE_CORRUPT")) {
      return [error.message];
    }
    throw error;
  } finally {
    database.close();
  }
}

process.stdout.write(JSON.stringify(findDamage(process.argv[2] ?? "")));
