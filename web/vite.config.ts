import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Builds the page into `web/dist`. Nothing is inlined, so that the page runs under `default-src 'self'`. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2023",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
