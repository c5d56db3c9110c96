import { defaultTenantId } from "../calls/default-tenant.ts";
import { tenant } from "../calls/tenant.ts";
import { useCall } from "../calls/use-call.ts";
import { useStore } from "../parts/store.ts";

/** Chooses whose accounts the console shows; it is not there where there is one tenant. */
export function TenantPicker() {
  const chosen = useStore(tenant);
  const { answered } = useCall("ListTenants", { page_size: 250 });
  const tenants = answered?.answer ?? [];
  if (tenants.length < 2) return null;
  return (
    <label class="tenant-picker">
      <span>Tenant</span>
      <select value={chosen} onChange={(event) => tenant.set(event.currentTarget.value)}>
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
