import type { ClientsConfig } from "../config/outgoing-config.ts";
import type { CourierMessage } from "./entities.ts";

/** Hands messages over to the next station. Rejects with the reason when the station does not take one. */
export type Deliver = (message: CourierMessage, options: DeliveryOptions) => Promise<void>;

/** What a delivery has to keep to. */
export interface DeliveryOptions {
  readonly clients: ClientsConfig;
  /** Aborts when the attempt has taken too long. */
  readonly signal: AbortSignal;
}

/** A refusal for good: trying again cannot help. */
export class Undeliverable extends Error {
  override readonly name = "Undeliverable";
}
