import { isSmsType } from "./template-types.ts";
import type { TemplateType } from "./template-types.ts";

/** What the rules look at. */
interface Channel {
  readonly id: string;
  readonly carries?: "email" | "sms";
  readonly type: "http" | "smtp";
  readonly request_config?: unknown;
  readonly smtp_config?: { readonly connection_uri?: string };
  readonly message_types: readonly TemplateType[];
  readonly fallback: readonly string[];
}

/** What a channel takes: text messages if it is called `sms`, else mail, unless it says so itself. */
export const carriedBy = ({ id, carries }: Pick<Channel, "id" | "carries">): "email" | "sms" =>
  carries ?? (id === "sms" ? "sms" : "email");

/** What is wrong with one channel. */
export function faultOfChannel(channel: Channel): string | undefined {
  const { id, type, request_config, smtp_config, message_types } = channel;
  const carries = carriedBy(channel);
  if ((id === "sms" || id === "email") && id !== carries) return `is called ${id}, but carries ${carries}`;
  if (type === "http" && (!request_config || smtp_config)) return "needs request_config, and no smtp_config";
  if (type === "smtp" && (!smtp_config?.connection_uri || request_config))
    return "needs smtp_config with connection_uri, and no request_config";
  if (type === "smtp" && carries === "sms") return "cannot carry text messages by smtp";
  const unfit = carries === "sms" ? message_types.find((kind) => !isSmsType(kind)) : undefined;
  return unfit && `cannot carry ${unfit}, which is no text message`;
}

/** What is wrong with the channels together. Mail may have a way without any channel, which is called `email` too. */
export function faultsOfChannels(channels: readonly Channel[], mailHasWay: boolean): string[] {
  const faults: string[] = [];
  const kinds = new Map<string, "email" | "sms">(mailHasWay ? [["email", "email"]] : []);
  for (const channel of channels) kinds.set(channel.id, carriedBy(channel));
  const spares = new Set(channels.flatMap(({ fallback }) => fallback));
  const taken = new Set<string>();
  for (const [at, { id, message_types, fallback }] of channels.entries()) {
    const kind = kinds.get(id)!;
    if (channels.findIndex((other) => other.id === id) < at) faults.push(`uses the id ${id} twice`);
    const unfit = fallback.find((spare) => spare === id || kinds.get(spare) !== kind);
    if (unfit !== undefined) faults.push(`falls back from ${id} on ${unfit}, which is no other channel for ${kind}`);
    if (id !== kind && message_types.length === 0 && !spares.has(id))
      faults.push(`has no use for ${id}: give it message_types, or name it as another channel's fallback`);
    for (const type of message_types) {
      const claim = `${kind} ${type}`;
      if (taken.has(claim)) faults.push(`gives ${type} to two channels`);
      taken.add(claim);
    }
  }
  return faults;
}
