import type { Provider } from "../core/model/model-ref.ts";

export type Vendor = Exclude<Provider, "offline" | "openai-compatible">;

export interface VendorFacts {
  readonly baseUrl: string;
  /** All that is below it is the vendor's, such as its hosts in one region. */
  readonly domain: string;
  readonly defaultModel: string;
  /** Where people who use other programs have their key already. The first that is set counts. */
  readonly keyNames: readonly string[];
}

/** What is known of each vendor. Their domains also say where a key of somebody else must never go. */
export const VENDORS: Readonly<Record<Vendor, VendorFacts>> = {
  openai: {
    baseUrl: "https://api.openai.com/v1",
    domain: "openai.com",
    defaultModel: "gpt-6.1-terra",
    keyNames: ["OPENAI_API_KEY"],
  },
  anthropic: {
    baseUrl: "https://api.anthropic.com/v1",
    domain: "anthropic.com",
    defaultModel: "claude-sonnet-5-5",
    keyNames: ["ANTHROPIC_API_KEY"],
  },
  google: {
    baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    domain: "googleapis.com",
    defaultModel: "gemini-3.8-flash",
    keyNames: ["GOOGLE_GENERATIVE_AI_API_KEY", "GEMINI_API_KEY"],
  },
};

export const VENDOR_NAMES = Object.keys(VENDORS) as readonly Vendor[];

/** The vendor whose address this is, if it is one's. */
export function vendorAt(url: string): Vendor | undefined {
  const host = new URL(url).hostname.replace(/\.$/, "");
  return VENDOR_NAMES.find((vendor) => `.${host}`.endsWith(`.${VENDORS[vendor].domain}`));
}
