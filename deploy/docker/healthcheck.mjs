// Whether the server of this container is ready, by the exit code: an image without a shell has no curl.
import http from "node:http";
import https from "node:https";

const port = process.env.SERVE_ADMIN_PORT ?? "4434";
const patienceMs = 4000;

/** Asks over HTTP, and where that is not spoken over TLS: of a certificate nobody has to be convinced here. */
function ask({ get }) {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path: "/health/ready", timeout: patienceMs, rejectUnauthorized: false };
    get(options, ({ statusCode }) => resolve(statusCode))
      .on("timeout", function () {
        this.destroy(new Error("no answer in time"));
      })
      .on("error", reject);
  });
}

const status = await ask(http).catch(() => ask(https));
process.exit(status === 200 ? 0 : 1);
