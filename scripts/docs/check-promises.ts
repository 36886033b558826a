/** `- [test/crash/two-rooms.test.ts](../test/crash/two-rooms.test.ts): "what the test is called"`, over two lines or one. */
const NAMED_TEST = /^- \[([^\]]+)\]\([^)]+\):\s+"([^"]+)"/gm;
const CLAIMED = "## Claimed";

interface NamedTest {
  readonly file: string;
  readonly title: string;
}

/** What is wrong with the page of promises: a test it names that is not there, a promise it claims without naming one. */
export function findBrokenPromises(
  page: string,
  readSource: (path: string) => string,
): readonly string[] {
  const missing = namedTests(page)
    .filter(({ file, title }) => !readSource(file).includes(JSON.stringify(title)))
    .map(({ file, title }) => `no test "${title}" in ${file}.`);
  return [...missing, ...findUnproven(page)];
}

function namedTests(text: string): readonly NamedTest[] {
  return [...text.matchAll(NAMED_TEST)].map(([, file = "", title = ""]) => ({
    file,
    title: title.replace(/\s+/g, " "),
  }));
}

function findUnproven(page: string): readonly string[] {
  const claimed = page.split(/^(?=## )/m).find((part) => part.startsWith(CLAIMED));
  const promises = claimed?.split(/^### /m).slice(1) ?? [];
  if (promises.length === 0) return [`there is no promise under "${CLAIMED}".`];
  return promises
    .filter((promise) => namedTests(promise).length === 0)
    .map((promise) => `"${promise.split("\n", 1)[0]}" is claimed and names no test.`);
}
