import { LoggedOutPage } from "./session/logged-out-page.tsx";
import { UnreachablePage } from "./session/unreachable-page.tsx";
import { useSession } from "./session/use-session.ts";
import { ConsolePage } from "./shell/console-page.tsx";

export function App() {
  const { session, expire, logOut } = useSession();
  switch (session.kind) {
    case "checking":
      return session.isUnreachable ? <UnreachablePage /> : null;
    case "logged-out":
      return <LoggedOutPage why={session.why} />;
    case "logged-in":
      return (
        <ConsolePage
          key={session.info.user.id}
          info={session.info}
          onLoggedOut={expire}
          onLogOut={logOut}
        />
      );
  }
}
