import assert from "node:assert/strict";
import { find } from "../../src/db/query.ts";
import { oidcProviders } from "../../src/provider/entities.ts";
import { defaultTenant } from "../../src/tenant.ts";
import { until } from "../support/courier.ts";
import { mapperAt } from "../support/mapper.ts";
import { onEachDatabase, onTwoServers } from "../support/servers.ts";
