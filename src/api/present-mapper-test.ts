import { fromJson } from "@bufbuild/protobuf";
import type { JsonObject, JsonValue, MessageInitShape } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import type { TryMapperResponseSchema } from "#gen/ostiary/admin/v1/mapper_service_pb.js";
import type { MapperFault } from "../mapper/fault.ts";
import type { TriedMapper } from "../provider/try-mapper.ts";
import type { TriedTemplate } from "../session/jwt/try-template.ts";

/** What has come of trying a mapper, as a message of the contract. */
export function presentMapperTest({
  output,
  identity,
  unproven,
  fault,
  violations,
}: TriedMapper): MessageInitShape<typeof TryMapperResponseSchema> {
  return {
    ...presentOutput(output),
    ...(identity && {
      identity: {
        traits: identity.traits as JsonObject,
        ...(identity.metadata_public && { metadataPublic: identity.metadata_public as JsonObject }),
        ...(identity.metadata_admin && { metadataAdmin: identity.metadata_admin as JsonObject }),
        verifiedAddresses: [...identity.verified_addresses],
        unprovenAddresses: [...unproven],
        ...(identity.region && { region: identity.region }),
      },
    }),
    ...presentFault(fault),
    schemaValidationErrors: violations.map(({ node, message }) => ({ path: node, message: message.text })),
  };
}

/** What has come of trying the mapper of a template of tokens, as a message of the contract. */
export const presentTemplateTest = ({
  output,
  claims,
  fault,
}: TriedTemplate): MessageInitShape<typeof TryMapperResponseSchema> => ({
  ...presentOutput(output),
  ...(claims && { tokenClaims: claims as unknown as JsonObject }),
  ...presentFault(fault),
});

const presentOutput = (output: unknown) =>
  output !== undefined && { output: fromJson(ValueSchema, output as JsonValue) };

const presentFault = (fault: MapperFault | undefined) =>
  fault && { fault: { reason: fault.reason, message: `${fault.message}.`, ...fault.place } };
