import { eventTypes } from "../api/admin/present-recorded-event.ts";
import type { Config } from "../config/config.ts";
import type { ConfigStore } from "../config/watch.ts";
import { faultsOfTemplates as faultsOfMessages } from "../courier/own-templates.ts";
import { faultsOfPrograms } from "../hooks/programs.ts";
import type { Log } from "../log.ts";
import { isLeader } from "../peers.ts";
import { faultsOfMappers } from "../provider/check-mappers.ts";
import { misconfiguredProviders } from "../provider/misconfigurations.ts";
import { isOfWeb } from "../schema/bundle.ts";
import { faultsOfSchemas } from "../schema/schemas.ts";
import type { SchemaFault } from "../schema/schemas.ts";
import { faultsOfTemplates as faultsOfTokens } from "../session/jwt/check-templates.ts";
import { unknownPatterns } from "../subscription/types.ts";

/**
 * Nobody can do anything by a schema that cannot be used: a change that names one does not take effect. A start without its
 * schemas ends, but does not wait for those of other servers, which may be up again soon.
 */
export async function checkFiles(store: ConfigStore, log: Log): Promise<void> {
  const config = store.current();
  const faults = await faultsOfSchemas({ config, log }, (url) => !isOfWeb(url));
  const lasting = faults.filter(({ passing }) => !passing);
  if (lasting.length) throw new Error(lasting.map(({ sentence }) => sentence).join("\n"));
  const tell = (missing: readonly SchemaFault[]) => {
    for (const { sentence } of missing)
      log.error("an identity schema is missing, and tried again whenever it is needed", { reason: sentence });
  };
  tell(faults);
  void faultsOfSchemas({ config, log }, isOfWeb).then(tell);
  await tellFaults(config, log);
}

/** Judges changes of the configuration from now on. Of what is wrong with one that takes effect all the same one worker tells. */
export function followFiles(store: ConfigStore, log: Log): void {
  store.vet(async (next) => (await faultsOfSchemas({ config: next, log })).map(({ sentence }) => sentence));
  store.onChange((next) => {
    if (isLeader()) void tellFaults(next, log);
  });
}

/**
 * Nobody should learn from a person's missing code that a template is broken, or from a failed sign-in that a mapper is.
 * But neither is a reason to go on by yesterday's configuration: in the place of a template the built-in text goes out.
 */
async function tellFaults(config: Config, log: Log): Promise<void> {
  const faults = await Promise.all([
    faultsOfMessages({ config, log }),
    faultsOfPrograms(config),
    faultsOfMappers(config),
    faultsOfTokens(config),
  ]);
  for (const reason of faults.flat()) log.error("a template or a program cannot be used", { reason });
  for (const { id, types } of config.webhooks.subscriptions)
    for (const type of unknownPatterns(types, eventTypes))
      log.warn("a subscription is to events that there are none of", { subscription: id, type });
  for (const reason of misconfiguredProviders(config)) log.error("nobody can sign in by a provider", { reason });
}
