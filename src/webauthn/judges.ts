export { judgeNewKey } from "./new-key.ts";
export { judgeSignature } from "./signature.ts";
