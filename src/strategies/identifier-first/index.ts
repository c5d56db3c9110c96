import type { Context } from "../../context.ts";
import { identified } from "../../proof/identified.ts";
import { asksIdentifier, identifierFirst as inSteps, identifierGiven } from "../../proof/login-screen.ts";
import { schemaOf } from "../../flow/flow-schema.ts";
import type { Step, Strategy } from "../../flow/strategy.ts";
import { goOn, reject } from "../../flow/verdict.ts";
import { opensSession } from "../../identity/factors.ts";
import { findCredentialsBehind } from "../../identity/repository.ts";
import { identifierLabel } from "../../schema/identifiers.ts";
import { withValue } from "../../ui/form.ts";
import { accountNotFound, continueLabel, noLoginStrategy } from "../../ui/messages.ts";
import { input, submitNode } from "../../ui/node.ts";

const group = "identifier_first";

const login: Step<"login", "identifierFirst"> = {
  async render(ctx, flow) {
    if (!inSteps(ctx, flow)) return [];
    const label = identifierLabel(await schemaOf(ctx, flow));
    if (!asksIdentifier(ctx, flow))
      return [
        input(group, "identifier", {
          type: "hidden",
          value: identifierGiven(flow) ?? "",
          required: true,
          autocomplete: "username webauthn",
          label,
        }),
      ];
    return [
      input(group, "identifier", {
        type: "text",
        value: "",
        required: true,
        autocomplete: "username webauthn",
        label,
      }),
      submitNode(group, "method", group, continueLabel()),
    ];
  },

  async submit(ctx, flow, { identifier }) {
    if (!inSteps(ctx, flow)) return reject({ message: noLoginStrategy() });
    const methods = identifier ? await methodsToShow(ctx, identifier) : [];
    if (!identifier || methods?.length === 0)
      return {
        ...reject({ message: accountNotFound(), node: "identifier", group }),
        form: withValue(flow.ui, "identifier", identifier ?? ""),
      };
    return goOn({ memory: identified.with({ screen: "credentials", identifier, ...(methods && { methods }) }) });
  },
};

/** The methods that may be shown next: all of them, where who has an account is not to be told. */
async function methodsToShow(ctx: Context, identifier: string): Promise<string[] | undefined> {
  const credentials = await findCredentialsBehind(ctx, identifier);
  if (ctx.config.security.account_enumeration.mitigate) return undefined;
  return credentials.filter((credential) => opensSession(ctx.config, credential)).map(({ type }) => type);
}

/** Sign-in in two steps: who are you, then the credentials that this person has. */
export const identifierFirst: Strategy<"identifierFirst"> = {
  name: "identifier_first",
  aal: () => 1,
  // A form in one page has no place for it, which is no reason to call it switched off.
  enabled: () => true,
  login,
};
