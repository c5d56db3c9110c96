import { publicUrl, adminUrl } from "./addresses.ts";
import type { UserInterface } from "./ui.ts";
import { formVisitor } from "./visitor.ts";

/** Ory's pages that a server of Node's draws: `ory/kratos-selfservice-ui-node`, after `npm ci && npm run build`. */
export const ui: UserInterface = {
  origin: "http://localhost:4455",
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
  command: ["node", "lib/index.js"],
  environment: {
    PORT: "4455",
    KRATOS_PUBLIC_URL: publicUrl,
    KRATOS_ADMIN_URL: adminUrl,
    COOKIE_SECRET: "a-secret-of-walks",
    CSRF_COOKIE_NAME: "csrf_of_walks",
    CSRF_COOKIE_SECRET: "another-secret-of-walks",
    DANGEROUSLY_DISABLE_SECURE_CSRF_COOKIES: "true",
  },
  visitor: formVisitor,
};
