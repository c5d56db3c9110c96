import type { Config } from "../config/config.ts";
import { type DoctorFinding, fine } from "./finding.ts";
import { isLoopback, isSameSite } from "./sites.ts";

const aspect = "hosts";

/** The pages that browsers are sent to, by their keys; those of the server itself are left out. */
export function pagesOf({ selfservice: { flows } }: Config): (readonly [key: string, url: URL])[] {
  const { login, registration, settings, recovery, verification, error } = flows;
  return Object.entries({ login, registration, settings, recovery, verification, error })
    .filter(([, page]) => !page.pageless && (!("enabled" in page) || page.enabled))
    .map(([flow, { ui_url }]) => [`selfservice.flows.${flow}.ui_url`, new URL(ui_url)] as const);
}

/** Whether cookies come back: by the addresses of the server and of its pages, and by what cookies say of themselves. */
export function judgeHosts(config: Config): DoctorFinding[] {
  const base = new URL(config.serve.public.base_url);
  const findings = [...judgeAddress(config, base), ...judgePages(config, base), ...judgeCookies(config, base)];
  return findings.length ? findings : [fine(aspect, `Pages and cookies fit ${base.origin}.`)];
}

function judgeAddress({ dev, serve, cookies }: Config, base: URL): DoctorFinding[] {
  const where = "serve.public.base_url";
  const findings: DoctorFinding[] = [];
  if (serve.public.derived && !dev)
    findings.push({
      aspect,
      severity: "warning",
      where,
      reason: `It is not set, and taken to be ${base.href}: links in messages and redirects lead there.`,
      cure: "Set it to the address by which browsers reach this server.",
    });
  if (base.protocol === "http:" && !isLoopback(base.hostname) && !dev)
    findings.push({
      aspect,
      severity: "error",
      where,
      reason: "It is http: passwords travel in the clear, and browsers keep no Secure cookie.",
      cure: "Use https, by serve.public.tls or a proxy in front.",
    });
  if (base.protocol === "http:" && !dev && cookies.secure !== "false" && isLoopback(base.hostname))
    findings.push({
      aspect,
      severity: "note",
      where,
      reason: "It is http on this machine: some browsers keep no Secure cookie there.",
      cure: "Start with --dev while you develop.",
    });
  return findings;
}

function judgePages(config: Config, base: URL): DoctorFinding[] {
  const strangers = pagesOf(config).filter(([, url]) => !isSameSite(url, base));
  if (strangers.length === 0) return [];
  const [, first] = strangers[0]!;
  const confused = isLoopback(first.hostname) && isLoopback(base.hostname);
  const sameSite = config.session.cookie.same_site;
  return [
    {
      aspect,
      severity: confused || sameSite !== "None" ? "error" : "warning",
      where: strangers.map(([key]) => key).join(", "),
      reason: `${first.origin} is another site than ${base.origin} (serve.public.base_url): browsers send no cookies (SameSite ${sameSite}) along with calls from there.`,
      cure: confused
        ? `Use one name for both: ${base.hostname} is to browsers another machine than ${first.hostname}.`
        : "Put both below one domain, such as app.example.org and id.example.org, with the same scheme.",
    },
  ];
}

function judgeCookies({ cookies, session }: Config, base: URL): DoctorFinding[] {
  const findings: DoctorFinding[] = [];
  const places = [
    ["cookies.domain", cookies.domain],
    ["session.cookie.domain", session.cookie.domain],
  ] as const;
  const seen = new Set<string>();
  for (const [where, domain] of places) {
    if (!domain || seen.has(domain)) continue;
    seen.add(domain);
    const name = domain.replace(/^\./, "").toLowerCase();
    if (base.hostname === name || base.hostname.endsWith(`.${name}`)) continue;
    findings.push({
      aspect,
      severity: "error",
      where,
      reason: `Browsers refuse cookies for ${name} from ${base.hostname} (serve.public.base_url).`,
      cure: `Leave it out, or name ${base.hostname} or a domain above it.`,
    });
  }
  const { same_site: sameSite, secure } = session.cookie;
  if (sameSite === "None" && secure === "false")
    findings.push({
      aspect,
      severity: "error",
      where: "session.cookie.same_site",
      reason: "Browsers drop cookies with SameSite=None that are not Secure.",
      cure: "Use https and leave cookies.secure out, or say Lax.",
    });
  return findings;
}
