import { context } from "esbuild";

const port = Number(process.env.PORT ?? 5173);
const building = await context({
  entryPoints: ["src/main.jsx"],
  bundle: true,
  format: "esm",
  jsx: "automatic",
  outdir: "public",
  write: false,
  define: { OSTIARY_URL: JSON.stringify(process.env.OSTIARY_URL ?? "http://localhost:4433") },
});
await building.serve({ port, host: process.env.HOST ?? "localhost", servedir: "public", fallback: "public/index.html" });
console.log(`http://localhost:${port}`);
