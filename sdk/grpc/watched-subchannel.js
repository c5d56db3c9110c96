import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Client, connectivityState, credentials, experimental, status } from "@grpc/grpc-js";
import {
  Health,
  HealthCheckRequestSchema,
  HealthCheckResponse_ServingStatus as Serving,
  HealthCheckResponseSchema,
} from "../gen/grpc/health/v1/health_pb.js";

const path = `/${Health.typeName}/${Health.method.watch.name}`;
const firstPauseMs = 500;
const mostPauseMs = 30_000;

/** A connection to a server that is asked whether it serves, for as long as it is there. */
export class WatchedSubchannel extends experimental.BaseSubchannelWrapper {
  /** What the server has said last; it serves until it says otherwise. */
  serves = true;
  #wanted;
  #call;
  #timer;
  #pauseMs = firstPauseMs;
  #onState = () => this.#look();

  constructor(child, wanted) {
    super(child);
    this.#wanted = wanted;
    child.addConnectivityStateListener(this.#onState);
    this.#look();
  }

  get unwrapped() {
    return this.child;
  }

  judge(isHealthy) {
    this.setHealthy(isHealthy);
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#call?.cancel();
    this.#call = undefined;
  }

  destroy() {
    super.destroy();
    this.stop();
    this.child.removeConnectivityStateListener(this.#onState);
    this.#wanted.gone();
    this.#wanted.changed();
  }

  #look() {
    if (this.child.getConnectivityState() !== connectivityState.READY) this.stop();
    else if (!this.#call && !this.#timer) this.#watch();
    this.#wanted.changed();
  }

  #watch() {
    this.#timer = undefined;
    // Of the subchannel alone: the call is not balanced.
    const client = new Client("unused", credentials.createInsecure(), { channelOverride: this.child.getChannel() });
    const request = create(HealthCheckRequestSchema, { service: this.#wanted.service });
    const call = client.makeServerStreamRequest(path, write, read, request);
    this.#call = call;
    call.on("data", (answer) => {
      this.#pauseMs = firstPauseMs;
      this.#hear(answer.status === Serving.SERVING);
    });
    // Who serves no health has no way to say that they are ill.
    call.on("error", ({ code }) => code === status.UNIMPLEMENTED && this.#call === call && this.#hear(true));
    call.on("status", ({ code }) => {
      if (this.#call !== call) return;
      this.#call = undefined;
      if (code !== status.UNIMPLEMENTED) this.#watchLater();
    });
  }

  #watchLater() {
    const jitter = 0.8 + Math.random() * 0.4;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#look();
    }, this.#pauseMs * jitter);
    this.#timer.unref();
    this.#pauseMs = Math.min(this.#pauseMs * 2, mostPauseMs);
  }

  #hear(serves) {
    if (this.serves === serves) return;
    this.serves = serves;
    this.#wanted.changed();
  }
}

const write = (request) => Buffer.from(toBinary(HealthCheckRequestSchema, request));
const read = (bytes) => fromBinary(HealthCheckResponseSchema, bytes);
