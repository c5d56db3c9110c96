import type { CourierChannel, CourierConfig } from "../config/outgoing-config.ts";
import type { CourierMessage } from "./entities.ts";
import type { Mail } from "./message.ts";

/** The channel that a message takes: the one that lists its kind, else the one for all mail or all text messages. */
export function channelOf(
  { channels }: CourierConfig,
  { channel: kind, templateType }: Pick<Mail, "channel" | "templateType">,
): string {
  const own = channels.find(({ carries, message_types }) => carries === kind && message_types.includes(templateType));
  return own?.id ?? kind;
}

/**
 * The channel that an attempt takes. Attempts go in turns, since the count of them is all that a worker knows of those
 * before: its own or a lost one's. A channel that was taken out of the configuration strands nothing.
 */
export function channelOfAttempt(
  { channels }: CourierConfig,
  message: Pick<CourierMessage, "channel" | "type" | "sendCount">,
): string {
  const chosen = channels.find(({ id }) => id === message.channel);
  if (!chosen) return message.type;
  const turns = turnsOf(chosen);
  return turns[(message.sendCount - 1) % turns.length]!;
}

const turnsOf = ({ id, fallback }: Pick<CourierChannel, "id" | "fallback">): readonly string[] => [id, ...fallback];

/** Those channels whose messages can take no way at all, if these ways are closed, and by which ways they might be tried. */
export function blockedChannels(
  { channels }: CourierConfig,
  closed: readonly string[],
): { readonly id: string; readonly ways: readonly string[] }[] {
  const all = closed.map((id) => ({
    id,
    ways: turnsOf(channels.find((one) => one.id === id) ?? { id, fallback: [] }),
  }));
  return all.filter(({ ways }) => ways.every((way) => closed.includes(way)));
}
