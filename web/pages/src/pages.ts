import { readAssets } from "./assets.ts";
import { page } from "./layout.ts";
import type { PageContent } from "./layout.ts";
import { relay, submitted } from "./relay.ts";
import { drawRecovery, drawVerification } from "./screens/address.ts";
import { shutOut } from "./screens/applications.ts";
import { answerConsent, consentScreen } from "./screens/consent.ts";
import { errorScreen, problemPage } from "./screens/error.ts";
import { flowScreen } from "./screens/flow-screen.ts";
import { deletionScreen, leave } from "./screens/leaving.ts";
import { drawLogin } from "./screens/login.ts";
import { drawRegistration } from "./screens/registration.ts";
import { endSessions, sessionsScreen } from "./screens/sessions.ts";
import { drawSettings } from "./screens/settings.ts";
import { signedOutScreen, welcomeScreen } from "./screens/welcome.ts";
import { redirect, viewOf } from "./view.ts";
import type { View } from "./view.ts";
import type { Answer, Visit } from "./visit.ts";
import { readLanguages } from "./words.ts";

/** What answers for a path. */
export type Screen = (view: View) => Promise<Answer> | Answer;

/** The pages by their paths. */
const screens: Readonly<Record<string, Screen>> = {
  login: flowScreen("login", drawLogin),
  registration: flowScreen("registration", drawRegistration),
  recovery: flowScreen("recovery", drawRecovery),
  verification: flowScreen("verification", drawVerification),
  settings: flowScreen("settings", drawSettings),
  error: errorScreen,
  welcome: welcomeScreen,
  "signed-out": signedOutScreen,
  sessions: sessionsScreen,
  delete: deletionScreen,
  consent: consentScreen,
};

/** What forms of the pages' own do. */
const actions: Readonly<Record<string, Screen>> = {
  sessions: endSessions,
  account: leave,
  applications: shutOut,
  consent: answerConsent,
};

/** What makes the content of a page. */
export type Drawing = (view: View) => PageContent;

/** Answers for pages. */
export interface Pages {
  serve(visit: Visit): Promise<Answer>;
  /** Answers with a page that whoever mounts these has the content of. */
  draw(visit: Visit, drawing: Drawing): Promise<Answer>;
}

/** Makes the pages, with what lies in their folder. */
export function createPages(home: URL): Pages {
  const builtIn = readLanguages(new URL("locales/", home));
  const assets = readAssets(new URL("assets/", home));
  return {
    async serve(visit) {
      const { method } = visit;
      const path = visit.path.replace(/\/$/, "");
      const reads = method === "GET" || method === "HEAD";
      if (reads && path.startsWith("assets/")) {
        const asset = assets.serve(visit, path.slice("assets/".length));
        if (asset) return asset;
      }
      if (reads && path === "") return redirect(new URL("ui/welcome", visit.site.baseUrl).href);
      const view = viewOf(visit, builtIn, assets);
      const kind = submitted(path);
      if (kind && method === "POST") return relay(view, kind);
      const served = method === "POST" ? actions : reads ? screens : {};
      if (Object.hasOwn(served, path)) return served[path]!(view);
      return Object.hasOwn(screens, path)
        ? problemPage(view, { code: 405, message: "Method Not Allowed" })
        : problemPage(view, { code: 404, message: "Not Found" });
    },
    draw(visit, drawing) {
      const view = viewOf(visit, builtIn, assets);
      return page(view, drawing(view));
    },
  };
}
