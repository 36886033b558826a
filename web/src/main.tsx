import { createTheme, MantineProvider } from "@mantine/core";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";

const theme = createTheme({
  primaryColor: "indigo",
  cursorType: "pointer",
  respectReducedMotion: true,
});

// Variables and global classes are in `styles/`: written at run time they would need inline style elements.
const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <App />
    </MantineProvider>,
  );
}
