import { isObject } from "../http.ts";
import type { Json } from "../http.ts";
import { oauthProviders } from "../oauth.ts";

const api = "https://api.linkedin.com/v2";
const profile = `${api}/me?projection=(id,localizedFirstName,localizedLastName,profilePicture(displayImage~digitalmediaAsset:playableStreams))`;
const address = `${api}/emailAddress?q=members&projection=(elements*(handle~))`;

/** LinkedIn by its own API, for clients that were made before it spoke OpenID Connect. */
export const create = oauthProviders({
  endpoints: () => ({
    authorize: "https://www.linkedin.com/oauth/v2/authorization",
    token: "https://www.linkedin.com/oauth/v2/accessToken",
  }),
  async claims({ ask }) {
    const [person, addresses] = [await ask(profile), await ask(address)];
    return {
      iss: "https://login.linkedin.com/",
      sub: person["id"],
      given_name: person["localizedFirstName"],
      last_name: person["localizedLastName"],
      picture: pictureIn(person),
      email: objectIn(listIn(addresses, "elements")[0], "handle~")["emailAddress"],
    };
  },
});

/** The third of the sizes, which is large enough; of fewer the last one. */
function pictureIn(person: Json): unknown {
  const sizes = listIn(objectIn(objectIn(person, "profilePicture"), "displayImage~"), "elements");
  const size = sizes[Math.min(sizes.length, 3) - 1];
  return isObject(size) ? objectIn({ first: listIn(size, "identifiers")[0] }, "first")["identifier"] : undefined;
}

const objectIn = (value: unknown, name: string): Json => {
  const found = isObject(value) ? value[name] : undefined;
  return isObject(found) ? found : {};
};

const listIn = (value: Json, name: string): readonly unknown[] => {
  const found = value[name];
  return Array.isArray(found) ? found : [];
};
