/** The continue_with entry that sends a single-page app's browser somewhere. */
export const redirectTo = (url: string) => ({
  action: { case: "redirectBrowserTo" as const, value: { redirectBrowserTo: url } },
});

/** The continue_with entry that hands a native client the token of its session. */
export const setToken = (token: string) => ({
  action: { case: "setOrySessionToken" as const, value: { orySessionToken: token } },
});
