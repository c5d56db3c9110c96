// A bare node:http server that answers what it is told: what any server on this machine is measured against.
import http from "node:http";

const body = Buffer.from(process.argv[2] ?? "{}");
const server = http.createServer((req, res) => {
  req.resume();
  req.on("end", () => {
    res.writeHead(200, { "content-type": "application/json", "content-length": body.length });
    res.end(body);
  });
});
server.listen(Number(process.argv[3]), "127.0.0.1");
