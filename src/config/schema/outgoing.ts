import {
  choice,
  flag,
  list,
  open,
  optionalSection,
  required,
  ruled,
  section,
  table,
  text,
  textOr,
  variant,
} from "../setting.ts";
import { document, headerName, headerValue, httpMethod, urlPattern, webAddress } from "./formats.ts";

/** How an outgoing call proves who it is. */
export const outgoingAuth = variant("How the call authenticates itself.", "type", {
  api_key: section("A secret in a header or a cookie.", {
    config: required(
      section("The secret and where it goes.", {
        name: required(text("Name of the header or cookie.", headerName)),
        value: required(text("The secret.", headerValue)),
        in: required(choice(["header", "cookie"], "Where the secret is sent.")),
      }),
    ),
  }),
  basic_auth: section("A user name and a password.", {
    config: required(
      section("The user name and password.", {
        user: required(text("The user name.")),
        password: required(text("The password.")),
      }),
    ),
  }),
});

/** Headers of a call. */
export const httpHeaders = ruled(
  table("Headers sent with the request.", text("A header's value.", headerValue)),
  (headers) => {
    const unfit = Object.keys(headers).find((name) => !headerName.pattern!.test(name));
    return unfit === undefined ? undefined : `has ${JSON.stringify(unfit)}, which is no header's name`;
  },
);

const requestKeys = {
  url: required(text("Where the request goes.", webAddress)),
  method: textOr("POST", "The HTTP method.", httpMethod),
  headers: httpHeaders,
  body: text("The Jsonnet that makes the body.", document),
  auth: outgoingAuth,
};

/** An HTTP request that delivers a message, where there is one. */
export const deliveryRequest = optionalSection("The request that hands a message over.", requestKeys);

/** What calls out to other servers may do. */
export const clients = open(
  section("Limits on calls out to other servers.", {
    http: open(
      section("Calls over HTTP.", {
        disallow_private_ip_ranges: flag(false, "Refuses calls to loopback, private and link-local addresses."),
        private_ip_exception_urls: list(
          "Addresses that may be called although they are private.",
          text("A URL.", urlPattern),
        ),
      }),
    ),
    smtp: open(
      section("Calls to mail servers.", {
        disallow_private_ip_ranges: flag(false, "Refuses mail servers at loopback, private and link-local addresses."),
      }),
    ),
    web_hook: open(
      section("Calls made by hooks.", {
        header_allowlist: list("Request headers that a hook gets to see.", text("A header's name.", headerName), {
          fallback: [
            "Accept",
            "Accept-Encoding",
            "Accept-Language",
            "Content-Length",
            "Content-Type",
            "Origin",
            "Priority",
            "Referer",
            "Sec-Ch-Ua",
            "Sec-Ch-Ua-Mobile",
            "Sec-Ch-Ua-Platform",
            "Sec-Fetch-Dest",
            "Sec-Fetch-Mode",
            "Sec-Fetch-Site",
            "Sec-Fetch-User",
            "True-Client-Ip",
            "User-Agent",
          ],
        }),
      }),
    ),
  }),
);
