import "./styles/index.css";
import { render } from "preact";
import { App } from "./shell/app.tsx";
import { followTheme } from "./shell/theme.ts";

followTheme();
render(<App />, document.getElementById("console")!);
