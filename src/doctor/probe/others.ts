import type { Config } from "../../config/config.ts";
import { callOut } from "../../outgoing/request.ts";
import { errorMessage } from "../../text/error-message.ts";
import { type DoctorFinding, fine } from "../finding.ts";
import { pagesOf } from "../hosts.ts";

const timeoutMs = 5_000;
const skewMs = 30_000;

/** Another server that this one, or a browser, is sent to. */
interface Other {
  readonly aspect: "hooks" | "courier" | "pages";
  readonly where: string;
  readonly url: string;
}

/** Whether the servers answer that hooks, channels and pages name. Their roots are asked for, by HEAD: nothing is told to them. */
export async function probeOthers(config: Config): Promise<DoctorFinding[]> {
  const byOrigin = Map.groupBy(othersOf(config), ({ url }) => new URL(url).origin);
  const found = await Promise.all([...byOrigin].map(([origin, others]) => probe(config, origin, others)));
  return found.flat();
}

async function probe({ clients }: Config, origin: string, others: readonly Other[]): Promise<DoctorFinding[]> {
  const [{ aspect }] = others as [Other];
  const where = others.map((other) => other.where).join(", ");
  try {
    const limits = { timeoutMs, mostBytes: 64 * 1024, clients };
    const { headers } = await callOut({ url: `${origin}/`, method: "HEAD" }, limits);
    return [fine(aspect, `${origin} answers.`), ...clockOf(origin, headers.date)];
  } catch (error) {
    return [
      {
        aspect,
        // Pages are for browsers, which may see another network.
        severity: aspect === "pages" ? "warning" : "error",
        where,
        reason: `${origin} does not answer: ${errorMessage(error)}`,
        cure:
          aspect === "pages"
            ? "Start the pages, or leave the key out: the server has pages of its own."
            : "Check the address, and that this machine may reach it.",
      },
    ];
  }
}

/** Whether another server has the same time: tokens and codes depend on it. */
function clockOf(origin: string, date: string | undefined): DoctorFinding[] {
  const skew = date === undefined ? 0 : Date.parse(date) - Date.now();
  if (!(Math.abs(skew) > skewMs)) return [];
  return [
    {
      aspect: "clock",
      severity: "warning",
      reason: `By ${origin} this machine's clock is ${Math.round(Math.abs(skew) / 1000)} s ${skew > 0 ? "behind" : "ahead"}.`,
      cure: "Synchronise it by NTP: codes of authenticator apps and tokens of providers are refused otherwise.",
    },
  ];
}

function othersOf(config: Config): Other[] {
  const { courier, selfservice } = config;
  const pages = pagesOf(config).map(([where, url]): Other => ({ aspect: "pages", where, url: url.href }));
  const all = [
    ...callsIn(selfservice.flows, "selfservice.flows", "hooks"),
    ...(courier.delivery_strategy === "http" ? callsIn(courier.http, "courier.http", "courier") : []),
    ...callsIn(courier.channels, "courier.channels", "courier"),
    ...pages,
  ];
  return all.filter(({ url }) => /^https?:/.test(url));
}

/** The calls that a part of the configuration describes, however deep they lie: each has an address and a method. */
function callsIn(part: unknown, key: string, aspect: Other["aspect"]): Other[] {
  if (typeof part !== "object" || part === null) return [];
  const { url, method } = part as { readonly url?: unknown; readonly method?: unknown };
  if (typeof url === "string" && typeof method === "string") return [{ aspect, where: `${key}.url`, url }];
  return Object.entries(part).flatMap(([name, inner]) =>
    callsIn(inner, Array.isArray(part) ? `${key}[${name}]` : `${key}.${name}`, aspect),
  );
}
