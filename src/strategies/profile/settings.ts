import type { Step } from "../../flow/strategy.ts";
import { pass } from "../../flow/verdict.ts";
import { prepareChange } from "../../identity/write.ts";
import { schemasOf } from "../../schema/schemas.ts";
import { traitNodes } from "../../schema/trait-nodes.ts";
import { save } from "../../ui/messages.ts";
import { submitNode } from "../../ui/node.ts";

const group = "profile";

/** Changes what people say of themselves; names and addresses go along with it. */
export const settings: Step<"settings", "profile"> = {
  async render(ctx, _, { account }) {
    const schema = await schemasOf(ctx).get(account!.schemaId);
    return [...traitNodes(schema, account!.traits, { group }), submitNode(group, "method", group, save())];
  },

  async submit(ctx, _flow, _input, { account, traits = {} }) {
    const schema = await schemasOf(ctx).get(account!.schemaId);
    return pass({ apply: (identity) => prepareChange(ctx, identity, { schema, traits }) });
  },
};
