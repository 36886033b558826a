import Markdown, { type Components } from "react-markdown";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import { judgeLink } from "./link-policy.ts";
import classes from "./markdown.module.css";
import { showHtmlAsText } from "./show-html-as-text.ts";

const SCHEMA: typeof defaultSchema = {
  ...defaultSchema,
  protocols: { href: ["http", "https", "mailto"], src: ["http", "https"] },
};

const COMPONENTS: Components = {
  a({ href, children }) {
    const url = judgeLink(href);
    if (url === undefined) return <span>{children}</span>;
    return (
      <a href={url} target="_blank" rel="noopener noreferrer">
        {children}
      </a>
    );
  },
  // Loading an image tells its host who reads: it is offered as a link instead.
  img({ src, alt }) {
    const label = alt === undefined || alt === "" ? "image" : alt;
    const url = judgeLink(typeof src === "string" ? src : undefined);
    if (url === undefined) return <span>{label}</span>;
    return (
      <a href={url} target="_blank" rel="noopener noreferrer">
        {label}
      </a>
    );
  },
  // Wide code and tables scroll by themselves, also by keyboard; the page never does.
  pre({ children }) {
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      <pre tabIndex={0}>{children}</pre>
    );
  },
  table({ children }) {
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      <section className={classes["wide"]} tabIndex={0} aria-label="Table">
        <table>{children}</table>
      </section>
    );
  },
};

/** An answer's Markdown. HTML in it is shown as text, and `judgeLink` has the last word on every address. */
export function RichMarkdown({ text }: { readonly text: string }) {
  return (
    <div className={classes["markdown"]}>
      <Markdown
        remarkPlugins={[remarkGfm, showHtmlAsText]}
        rehypePlugins={[[rehypeSanitize, SCHEMA]]}
        urlTransform={judgeLink}
        components={COMPONENTS}
      >
        {text}
      </Markdown>
    </div>
  );
}
