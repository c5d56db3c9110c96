import type { MessageInitShape } from "@bufbuild/protobuf";
import { AdministratorRole, AdministratorService } from "#gen/ostiary/admin/v1/administrator_service_pb.js";
import type { AdministratorSchema } from "#gen/ostiary/admin/v1/administrator_service_pb.js";
import { administratorsPage, grantRole, revokeRole } from "../../access/administrators.ts";
import type { AdministratorRow, RoleChange } from "../../access/administrators.ts";
import { roleNames } from "../../access/roles.ts";
import type { Role } from "../../access/roles.ts";
import type { Context } from "../../context.ts";
import { ErrorReason, problem } from "../../errors.ts";
import { defineService } from "../../server/dispatch.ts";
import { presentTime } from "../present-time.ts";
import { pageById } from "./page-by-id.ts";

/** A role as the contract has it. */
export const presentRole = (role: Role): AdministratorRole => AdministratorRole[role.toUpperCase() as Uppercase<Role>];

/** Serves administrator_service.proto. */
export const administratorService = defineService(AdministratorService, {
  async listAdministrators(request, ctx) {
    const find = (after: string, limit: number) => administratorsPage(ctx, after, limit);
    const { rows, nextPageToken } = await pageById(ctx, request, find);
    return { administrators: rows.map((row) => present(ctx, row)), nextPageToken };
  },

  async grantAdministrator({ identityId, administrator }, ctx) {
    const role = roleNames.find((name) => presentRole(name) === administrator!.role);
    if (!role) throw problem(ErrorReason.BAD_REQUEST, { reason: `The role must be one of ${roleNames.join(", ")}.` });
    const granted = settled(await grantRole(ctx, identityId, role), "The identity does not exist.");
    return { administrator: present(ctx, granted) };
  },

  async revokeAdministrator({ identityId }, ctx) {
    settled(await revokeRole(ctx, identityId), "The identity is no administrator.");
    return {};
  },
});

function settled(change: RoleChange, missing: string): AdministratorRow {
  if (change.kind === "changed") return change.administrator;
  if (change.kind === "missing") throw problem(ErrorReason.NOT_FOUND, { reason: missing });
  throw problem(ErrorReason.LAST_OWNER, { reason: "Make somebody else an owner first." });
}

const present = (
  { tenant }: Context,
  { id, role, createdAt, updatedAt }: AdministratorRow,
): MessageInitShape<typeof AdministratorSchema> => ({
  identityId: id,
  role: presentRole(role),
  tenantId: tenant.id,
  createdAt: presentTime(createdAt),
  updatedAt: presentTime(updatedAt),
});
