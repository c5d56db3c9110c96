import { isIP } from "node:net";
import type { EntityManager } from "@mikro-orm/core";
import { inTransaction } from "../code/in-transaction.ts";
import type { MessageLimit } from "../config/outgoing-config.ts";
import type { Context } from "../context.ts";
import { describeDevice } from "../session/device.ts";
import { countTry } from "../throttle/throttle.ts";

/**
 * Whether one more message may go to an address, at the wish of this client. Whoever asks too often is told nothing: the
 * answer stays as it is, and no message is sent.
 */
export async function mayMail(ctx: Context, em: EntityManager, address: string): Promise<boolean> {
  const { per_address: perAddress, per_client: perClient } = ctx.config.courier.limits;
  const client = clientOf(ctx);
  const counting = inTransaction(ctx, em);
  const count = (what: string, whom: string, { messages: tries, within: windowMs }: MessageLimit) =>
    tries === 0 || countTry(counting, { what, whom }, { tries, windowMs });
  return (await count("mail to", address, perAddress)) && (!client || (await count("mail for", client, perClient)));
}

/**
 * The client's address, as far as it tells clients apart. Behind a proxy, whose own address is private, it is the one that
 * the proxy reports; where none is reported, clients cannot be told apart.
 */
function clientOf({ call }: Context): string | undefined {
  if (isIP(call.peer) && !isPrivate(call.peer)) return networkOf(call.peer);
  const { ipAddress } = describeDevice(call);
  return isIP(ipAddress) && !isPrivate(ipAddress) ? networkOf(ipAddress) : undefined;
}

/** The first half of an address of IPv6: one client has all addresses that begin with it. */
function networkOf(address: string): string {
  if (isIP(address) === 4) return address;
  // The URL's parser writes an address in its one form.
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const groups = (text: string) => text.split(":").filter(Boolean);
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  return [...groups(head), ...Array<string>(missing).fill("0"), ...groups(tail ?? "")].slice(0, 4).join(":");
}

const isPrivate = (address: string): boolean =>
  /^(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/i.test(address);
