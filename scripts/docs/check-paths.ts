const PATH = /`((?:src|test|web|scripts|docs|bench)\/[\w./-]+)`/g;

/** Files and folders of the repository that a page names in code and that are not there. A name with `<` in it is an example. */
export function findMissingPaths(
  page: string,
  exists: (path: string) => boolean,
): readonly string[] {
  const named = [...page.matchAll(PATH)].map(([, path = ""]) => path);
  return [...new Set(named)].filter((path) => !exists(path));
}
