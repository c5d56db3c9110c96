import type { Context } from "../../src/context.ts";
import { issueState } from "../../src/flow/callback-state.ts";
import type { Flow } from "../../src/flow/flow.ts";
import { defineMemory, isRecord } from "../../src/flow/memory.ts";
import type { Proof, RegistrationDraft } from "../../src/flow/results.ts";
import type { Strategies, Strategy } from "../../src/flow/strategy.ts";
import { handOver, pass, provedBy, redirect, reject } from "../../src/flow/verdict.ts";
import type { Callback } from "../../src/flow/verdict.ts";
import { credentialOf, withCredential } from "../../src/identity/set-credential.ts";
import { credentialByIdentifier } from "../../src/identity/statements.ts";
import { strategies } from "../../src/strategies/index.ts";
import { invalidSubmission } from "../../src/ui/messages.ts";
import { info } from "../../src/ui/message.ts";
import { submitNode } from "../../src/ui/node.ts";

const group = "oidc";
const button = () => [submitNode(group, "provider", "acme", info(1010002, "Go on with Acme"))];

/** Whom Acme has named, where the form asks for more before it can go on. */
const named = defineMemory(
  "acme",
  (value): value is { readonly subject: string } => isRecord(value) && typeof value["subject"] === "string",
);

function leave(ctx: Context, flow: Flow) {
  const { state, memory } = issueState(ctx, flow, { method: group, at: "acme" });
  return redirect(`https://acme.example/authorize?state=${state}`, { memory });
}

async function known(ctx: Context, flow: Flow, subject: string): Promise<Proof | undefined> {
  const found = await credentialByIdentifier(ctx, group, `acme:${subject}`);
  if (!found) return undefined;
  const { identityId, identityState } = found;
  return {
    identityId,
    active: identityState === "active",
    method: provedBy(ctx, flow, group, { provider: "acme", upstream_amr: ["pwd"] }),
  };
}

const draftOf = (ctx: Context, flow: Flow, subject: string): RegistrationDraft => ({
  credentials: [
    { type: group, identifiers: [`acme:${subject}`], config: { providers: [{ provider: "acme", subject }] } },
  ],
  method: provedBy(ctx, flow, group, { provider: "acme" }),
});

/** What Acme says: its code is the person's address there. */
const subjectOf = ({ parameters }: Callback): string | undefined =>
  parameters["error"] ? undefined : parameters["code"];
const denied = () => reject({ message: invalidSubmission("Acme was not asked.") });

const acme: Strategy<"oidc"> = {
  name: group,
  aal: () => 1,
  enabled: () => true,
  login: {
    render: button,
    submit: async (ctx, flow) => leave(ctx, flow),
    async resume(ctx, flow, callback) {
      const subject = subjectOf(callback);
      if (!subject) return denied();
      const proof = await known(ctx, flow, subject);
      if (proof) return pass(proof);
      const draft = { ...draftOf(ctx, flow, subject), traits: { email: subject } };
      return handOver({ to: "registration", draft, remembers: named.with({ subject }) });
    },
  },
  settings: {
    render: (ctx, _, { account }) =>
      credentialOf(account!, group) ? [] : [submitNode(group, "link", "acme", info(1050002, "Link Acme"))],
    submit: async (ctx, flow) => leave(ctx, flow),
    async resume(ctx, flow, callback) {
      const subject = subjectOf(callback);
      if (!subject) return denied();
      const [credential] = draftOf(ctx, flow, subject).credentials;
      return pass({ apply: (before) => withCredential(ctx, before, credential!) });
    },
  },
  registration: {
    render: button,
    async submit(ctx, flow) {
      const subject = named.of(flow)?.subject;
      return subject ? pass(draftOf(ctx, flow, subject)) : leave(ctx, flow);
    },
    async resume(ctx, flow, callback) {
      const subject = subjectOf(callback);
      if (!subject) return denied();
      const proof = await known(ctx, flow, subject);
      if (proof) return handOver({ to: "login", draft: proof });
      return {
        ...pass({ ...draftOf(ctx, flow, subject), traits: { email: subject } }),
        memory: named.with({ subject }),
      };
    },
  },
};

/** All methods, and one that sends people to a site called Acme, as methods of social sign-in do. */
export const withAcme: Strategies = { ...strategies, oidc: acme };
