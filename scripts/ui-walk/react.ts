import type { UserInterface } from "./ui.ts";
import { formVisitor } from "./visitor.ts";

/** Ory's single-page app: `ory/kratos-selfservice-ui-react-nextjs`, after `CYPRESS_INSTALL_BINARY=0 npm ci && NEXT_PUBLIC_KRATOS_PUBLIC_URL=http://localhost:4433 npm run build`. */
export const ui: UserInterface = {
  origin: "http://localhost:3000",
  pages: {
    login: "/login",
    registration: "/registration",
    settings: "/settings",
    recovery: "/recovery",
    verification: "/verification",
    error: "/error",
  },
  config: {},
  lacks: {},
  command: ["node", "node_modules/.bin/next", "start", "-p", "3000"],
  environment: {},
  visitor: formVisitor,
};
