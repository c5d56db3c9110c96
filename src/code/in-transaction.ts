import type { EntityManager } from "@mikro-orm/core";
import type { Context } from "../context.ts";

/** A request's context whose unit of work is that of a transaction: what it counts is undone with it. */
export const inTransaction = (ctx: Context, em: EntityManager): Context => Object.create(ctx, { em: { value: em } }) as Context;
