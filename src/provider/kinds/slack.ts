import { asObject } from "../http.ts";
import { oauthProviders } from "../oauth.ts";

/** Slack, by the first version of its OAuth, whose tokens are a person's. */
export const create = oauthProviders({
  endpoints: () => ({ authorize: "https://slack.com/oauth/authorize", token: "https://slack.com/api/oauth.access" }),
  grantedBy: ",",
  async claims({ ask }) {
    const said = await ask("https://slack.com/api/users.identity");
    if (said["ok"] !== true) throw new Error(`Slack returned the error ${String(said["error"])}.`);
    const { id, name, email, image_512: picture } = asObject(said["user"], "Slack");
    return {
      iss: "https://slack.com/oauth/",
      sub: id,
      name,
      preferred_username: name,
      nickname: name,
      email,
      email_verified: true,
      picture,
      team: asObject(said["team"] ?? {}, "Slack")["id"],
    };
  },
});
