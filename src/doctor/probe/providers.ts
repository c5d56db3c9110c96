import type { Config } from "../../config/config.ts";
import { faultOfMapper } from "../../provider/check-mappers.ts";
import { createProvider } from "../../provider/kinds/index.ts";
import { misconfiguredProviders } from "../../provider/misconfigurations.ts";
import { errorMessage } from "../../text/error-message.ts";
import { type DoctorFinding, fine } from "../finding.ts";
import { isLoopback } from "../sites.ts";

const aspect = "providers";
const key = "selfservice.methods.oidc.config.providers";

/** Whether people can sign in at the providers of the file. */
export async function probeProviders(config: Config, now: () => Date): Promise<DoctorFinding[]> {
  const { enabled, config: oidc } = config.selfservice.methods.oidc;
  if (!enabled || oidc.providers.length === 0) return [];
  const wrong = misconfiguredProviders(config).map((reason): DoctorFinding => ({
    aspect,
    severity: "error",
    where: key,
    reason,
  }));
  const probed = await Promise.all(
    oidc.providers.map(async (provider, at): Promise<DoctorFinding[]> => {
      const where = `${key}[${at}]`;
      const faults = await faultOfMapper(config, provider);
      const mapper = faults.map((reason): DoctorFinding => ({ aspect, severity: "error", where, reason }));
      try {
        const { examine } = await createProvider(provider);
        await examine?.({ config, now });
        return [...mapper, fine(aspect, `${provider.id} answers.`)];
      } catch (error) {
        const reason = `${provider.id} cannot be used: ${errorMessage(error)}`;
        const cure = "Check issuer_url, and that this machine may reach it.";
        return [...mapper, { aspect, severity: "error", where, reason, cure }];
      }
    }),
  );
  return [...wrong, ...judgeReturn(config), ...probed.flat()];
}

/** Providers send people back to addresses of https alone, but for this machine's. */
export function judgeReturn({ serve }: Pick<Config, "serve">): DoctorFinding[] {
  const { protocol, hostname, origin } = new URL(serve.public.base_url);
  if (protocol === "https:" || isLoopback(hostname)) return [];
  return [
    {
      aspect,
      severity: "error",
      where: "serve.public.base_url",
      reason: `Providers send nobody back to ${origin}, which is not https.`,
      cure: "Use https.",
    },
  ];
}
