import { Health, HealthCheckResponse_ServingStatus } from "#gen/grpc/health/v1/health_pb.js";
import { MetadataService } from "#gen/ostiary/admin/v1/metadata_service_pb.js";
import { adminClient, serverOptions, told } from "./admin-client.ts";
import type { Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { formatOptions } from "./output/format.ts";
import { printerFor } from "./output/print.ts";
import type { Columns } from "./output/table.ts";
import { errorMessage } from "../text/error-message.ts";

interface State {
  readonly alive: boolean;
  readonly ready: boolean;
}

const stateColumns: Columns<State> = { ALIVE: ({ alive }) => alive, READY: ({ ready }) => ready };

const status: Command = {
  name: "remote status",
  summary: "Shows whether a server is alive, and ready to serve. Exits with 1 if it is not.",
  options: [...serverOptions, ...formatOptions],
  examples: ["ostiary remote status -e http://127.0.0.1:4434"],
  async run(call) {
    const print = await printerFor(call);
    const client = await adminClient(call, Health);
    let state: State = { alive: false, ready: false };
    try {
      const { status: said } = await told(client.check({}));
      state = { alive: true, ready: said === HealthCheckResponse_ServingStatus.SERVING };
    } catch (error) {
      call.err(errorMessage(error));
    }
    await print.row(stateColumns, state);
    return state.ready ? exitCodes.done : exitCodes.failed;
  },
};

const version: Command = {
  name: "remote version",
  summary: "Shows the version of a server.",
  options: [...serverOptions, ...formatOptions],
  async run(call) {
    const print = await printerFor(call);
    const client = await adminClient(call, MetadataService);
    const { version: said } = await told(client.getVersion({}));
    await print.row({ VERSION: (of) => of.version }, { version: said });
    return exitCodes.done;
  },
};

/** `ostiary remote ...` */
export const remoteCommands: readonly Command[] = [status, version];
