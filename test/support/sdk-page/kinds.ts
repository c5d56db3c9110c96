import { fromJson } from "@bufbuild/protobuf";
import type { JsonObject } from "@bufbuild/protobuf";
import type { AnyFlow } from "@ostiary/sdk";
import type { ContinueWith } from "@ostiary/sdk/gen/ostiary/type/v1/continue_with_pb.js";
import {
  LoginSubmissionSchema,
  RecoverySubmissionSchema,
  RegistrationSubmissionSchema,
  SettingsSubmissionSchema,
  VerificationSubmissionSchema,
} from "@ostiary/sdk/gen/ostiary/type/v1/submission_pb.js";
import { clients } from "./clients.ts";

/** What a submission that was not refused is answered with. */
export interface Answer {
  readonly flow?: AnyFlow | undefined;
  readonly continueWith?: readonly ContinueWith[];
}

/** How a page goes through flows of one kind. */
export interface Kind {
  begin(query: URLSearchParams): Promise<{ flow?: AnyFlow | undefined }>;
  get(id: string): Promise<{ flow?: AnyFlow | undefined }>;
  submit(flow: string, submission: JsonObject): Promise<Answer>;
}

const { login, registration, settings, recovery, verification } = clients;
const returnTo = (query: URLSearchParams) => query.get("return_to") ?? "";
// A form holds fields for several methods.
const lenient = { ignoreUnknownFields: true };

/** Every kind of flow, by the path of its page. */
export const kinds: Readonly<Record<string, Kind>> = {
  login: {
    begin: (query) =>
      login.createBrowserLoginFlow({
        refresh: query.has("refresh"),
        aal: query.get("aal") ?? "",
        returnTo: returnTo(query),
      }),
    get: (id) => login.getLoginFlow({ id }),
    submit: async (flow, submission) => {
      const { continueWith } = await login.updateLoginFlow({
        flow,
        submission: fromJson(LoginSubmissionSchema, submission, lenient),
      });
      return { continueWith };
    },
  },
  registration: {
    begin: (query) => registration.createBrowserRegistrationFlow({ returnTo: returnTo(query) }),
    get: (id) => registration.getRegistrationFlow({ id }),
    submit: async (flow, submission) => {
      const request = { flow, submission: fromJson(RegistrationSubmissionSchema, submission, lenient) };
      const { continueWith } = await registration.updateRegistrationFlow(request);
      return { continueWith };
    },
  },
  settings: {
    begin: (query) => settings.createBrowserSettingsFlow({ returnTo: returnTo(query) }),
    get: (id) => settings.getSettingsFlow({ id }),
    submit: async (id, submission) => {
      const request = { flow: id, submission: fromJson(SettingsSubmissionSchema, submission, lenient) };
      const { flow } = await settings.updateSettingsFlow(request);
      return { flow, continueWith: flow?.continueWith ?? [] };
    },
  },
  recovery: {
    begin: (query) => recovery.createBrowserRecoveryFlow({ returnTo: returnTo(query) }),
    get: (id) => recovery.getRecoveryFlow({ id }),
    submit: async (id, submission) => {
      const request = { flow: id, submission: fromJson(RecoverySubmissionSchema, submission, lenient) };
      const { flow } = await recovery.updateRecoveryFlow(request);
      return { flow, continueWith: flow?.continueWith ?? [] };
    },
  },
  verification: {
    begin: (query) => verification.createBrowserVerificationFlow({ returnTo: returnTo(query) }),
    get: (id) => verification.getVerificationFlow({ id }),
    submit: (flow, submission) =>
      verification.updateVerificationFlow({
        flow,
        submission: fromJson(VerificationSubmissionSchema, submission, lenient),
      }),
  },
};
