// A bare server of @grpc/grpc-js that answers what it is told: what any gRPC server on this machine is measured against.
import { Server, ServerCredentials } from "@grpc/grpc-js";

const [answer = "", port, path = "/"] = process.argv.slice(2);
const message = Buffer.from(answer, "base64");
const asIs = (bytes: Buffer) => bytes;
const codecs = { requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: asIs, responseDeserialize: asIs };
const server = new Server();
server.addService(
  { call: { path, requestStream: false, responseStream: false, ...codecs } },
  { call: (_: unknown, done: (error: null, message: Buffer) => void) => done(null, message) },
);
server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) => {
  if (error) throw error;
});
