import { createStore } from "../parts/store.ts";

const key = "ostiary.tenant";

/** The slug of the tenant that the console looks at; empty for the default one. */
export const tenant = createStore(sessionStorage.getItem(key) ?? "");

tenant.watch(() => sessionStorage.setItem(key, tenant.get()));
