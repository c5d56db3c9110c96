import { Configuration, CourierApi, FrontendApi, IdentityApi, MetadataApi } from "@ory/kratos-client";
import type { UiContainer } from "@ory/kratos-client";
import { password } from "./person.ts";
import type { TestServer } from "./server.ts";

/** Kratos' own clients, unmodified, of a server. */
export interface Kratos {
  readonly frontend: FrontendApi;
  readonly identity: IdentityApi;
  readonly courier: CourierApi;
  readonly metadata: MetadataApi;
}

/** Makes Kratos' own clients for a server. */
export function kratosOf({ publicUrl, adminUrl }: TestServer): Kratos {
  const [open, admin] = [publicUrl, adminUrl].map((basePath) => new Configuration({ basePath }));
  return {
    frontend: new FrontendApi(open),
    identity: new IdentityApi(admin),
    courier: new CourierApi(admin),
    metadata: new MetadataApi(admin),
  };
}

/** Signs somebody in natively, and returns the session's token. */
export async function signIn({ frontend }: Kratos, identifier: string, secret = password): Promise<string> {
  const { data: flow } = await frontend.createNativeLoginFlow();
  const updateLoginFlowBody = { method: "password" as const, identifier, password: secret };
  return (await frontend.updateLoginFlow({ flow: flow.id, updateLoginFlowBody })).data.session_token!;
}

/** The ids of a form's messages. */
export const messagesOf = ({ ui }: { ui: UiContainer }): number[] => (ui.messages ?? []).map(({ id }) => id);

/** The value of a form's field. */
export function fieldOf({ ui }: { ui: UiContainer }, name: string): string {
  for (const { attributes } of ui.nodes)
    if ("name" in attributes && attributes.name === name) return String(attributes.value);
  throw new Error(`the form has no field ${name}`);
}
