import "./styles/index.css";
import { render } from "preact";
import { App } from "./shell/app.tsx";
import { lookWho } from "./shell/session.ts";
import { followTheme } from "./shell/theme.ts";

followTheme();
// Screens ask for what they show once it is known who looks: else each would be refused by itself.
await lookWho();
render(<App />, document.getElementById("console")!);
