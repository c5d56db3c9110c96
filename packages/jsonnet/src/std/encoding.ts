import { hash } from "node:crypto";
import { fail } from "../error.ts";
import { listOf } from "../operators.ts";
import { described, type Items, type Value } from "../value.ts";
import { native, number } from "./native.ts";

const digest = (algorithm: string) =>
  native([["str", "string"]], ({ budget }, value) => {
    budget.charge(value.length / 4);
    return hash(algorithm, value, "hex");
  });

/** Bytes, as lists of numbers, and what is made of them. */
export const encoding = {
  encodeUTF8: native([["str", "string"]], ({ budget }, value) => {
    budget.charge(value.length);
    return listOf([...Buffer.from(value, "utf8")]);
  }),
  decodeUTF8: native([["arr", "array"]], ({ budget }, list) => {
    budget.charge(list.length);
    return bytesOf(list).toString("utf8");
  }),
  base64: native([["input", "any"]], ({ budget }, input) => {
    if (typeof input !== "string" && !Array.isArray(input))
      return fail(`base64 takes a string or bytes, not ${described(input)}`);
    const bytes = typeof input === "string" ? Buffer.from(input, "utf8") : bytesOf(input as Items);
    budget.charge(bytes.length / 4);
    return bytes.toString("base64");
  }),
  base64DecodeBytes: native([["str", "string"]], ({ budget }, value) => {
    budget.charge(value.length);
    return listOf([...decoded(value)]);
  }),
  base64Decode: native([["str", "string"]], ({ budget }, value) => {
    budget.charge(value.length / 4);
    return decoded(value).toString("utf8");
  }),
  md5: digest("md5"),
  sha1: digest("sha1"),
  sha256: digest("sha256"),
  sha512: digest("sha512"),
  sha3: digest("sha3-512"),
};

function bytesOf(list: Items): Buffer {
  return Buffer.from(list.map((item) => byte(item.get())));
}

function byte(value: Value): number {
  const code = number(value);
  return Number.isInteger(code) && code >= 0 && code < 256 ? code : fail(`${code} is no byte`);
}

function decoded(value: string): Buffer {
  if (value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) return fail("the text is not in base64");
  return Buffer.from(value, "base64");
}
