import { hostsAndPorts, secret, url, wholeNumber } from "./kinds.ts";
import { optional, setting } from "./setting.ts";

/** What tools may reach, and whom they ask. */
export const TOOL_SETTINGS = {
  allowedHosts: setting(
    "TOOLS_ALLOWED_HOSTS",
    hostsAndPorts,
    "",
    "Hosts that tools may reach although they are not on the open internet: on this machine, in a private network.",
  ),
  searxngUrl: optional(
    "SEARXNG_URL",
    url,
    "The SearXNG instance that searches the web; it must offer JSON. It goes before Brave.",
  ),
  braveApiKey: optional(
    "BRAVE_API_KEY",
    secret,
    "The key of Brave's search API. Unset, and no SearXNG: the web is not searched.",
  ),
  braveApiBase: setting(
    "BRAVE_API_BASE",
    url,
    "https://api.search.brave.com",
    "Where Brave's search API is, when it is not Brave's own.",
  ),
  undoSeconds: setting(
    "UNDO_SECONDS",
    wholeNumber(0, 86_400),
    "0",
    "How long mail and posts that a tool sends wait behind a Cancel button once they are approved. Replies never wait.",
  ),
} as const;
