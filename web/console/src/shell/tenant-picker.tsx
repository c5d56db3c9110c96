import { useEffect } from "preact/hooks";
import { defaultTenantId } from "../calls/default-tenant.ts";
import { tenant } from "../calls/tenant.ts";
import { useCall } from "../calls/use-call.ts";
import { useStore } from "../parts/store.ts";
import { place } from "../routing/place.ts";

/** Chooses whose accounts the console shows; it is not there where there is one tenant. */
export function TenantPicker() {
  const chosen = useStore(tenant);
  const { answered, reload } = useCall("ListTenants", { page_size: 250 });
  const { path } = useStore(place);
  // Where tenants are made and deleted.
  useEffect(() => {
    if (path.startsWith("/tenants")) reload();
  }, [path]);
  const tenants = answered?.answer ?? [];
  if (tenants.length < 2) return null;
  return (
    <label class="tenant-picker">
      <span aria-hidden="true">Tenant</span>
      <select aria-label="Tenant" value={chosen} onChange={(event) => tenant.set(event.currentTarget.value)}>
        {tenants.map(({ id, slug }) => {
          const value = id === defaultTenantId ? "" : slug;
          return (
            <option key={id} value={value} selected={value === chosen}>
              {slug}
            </option>
          );
        })}
      </select>
    </label>
  );
}
