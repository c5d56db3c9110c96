import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { Json } from "./client.ts";
import { encodeCbor } from "./cbor.ts";

/** How a security key of software misbehaves; it behaves where nothing is said. */
export interface Twist {
  readonly type?: string;
  readonly challenge?: string;
  readonly origin?: string;
  readonly crossOrigin?: boolean;
  readonly topOrigin?: string;
  /** What the browser says in place of its client data. */
  readonly clientData?: (text: string) => string | Buffer;
  /** The site that the authenticator thinks it talks to. */
  readonly rpId?: string;
  readonly flags?: Partial<Flags>;
  readonly count?: number;
  readonly algorithm?: keyof typeof algorithms;
  /** What stands in place of the public key. */
  readonly publicKey?: (cose: Map<number, unknown>) => Map<number, unknown>;
  readonly id?: Buffer;
  /** What stands in place of the id outside of the signed part. */
  readonly outerId?: Buffer;
  readonly authenticatorData?: (data: Buffer) => Buffer;
  readonly attestation?: (parts: Statement) => object;
  readonly attestationObject?: (bytes: Buffer) => Buffer;
  readonly signature?: (signature: Buffer) => Buffer;
  readonly signs?: (data: Buffer) => Buffer;
  readonly userHandle?: string | null;
  /** The key that signs, counted from the first; the last one made unless said otherwise. */
  readonly key?: number;
}

/** What a statement of attestation is made over. */
export interface Statement {
  readonly authData: Buffer;
  readonly clientDataHash: Buffer;
  readonly privateKey: KeyObject;
}

interface Flags {
  readonly up: boolean;
  readonly uv: boolean;
  readonly be: boolean;
  readonly bs: boolean;
}

interface Key {
  readonly id: Buffer;
  readonly privateKey: KeyObject;
  readonly user: string;
  readonly rpId: string;
  readonly hash: string | null;
  count: number;
}

const coordinates = (key: KeyObject) => {
  const { x = "", y = "", n = "", e = "" } = key.export({ format: "jwk" });
  return {
    x: Buffer.from(x, "base64url"),
    y: Buffer.from(y, "base64url"),
    n: Buffer.from(n, "base64url"),
    e: Buffer.from(e, "base64url"),
  };
};

const elliptic = (id: number, curve: number, namedCurve: string, hash: string) => ({
  hash,
  pair: () => generateKeyPairSync("ec", { namedCurve }),
  cose: (key: KeyObject) =>
    new Map<number, unknown>([
      [1, 2],
      [3, id],
      [-1, curve],
      [-2, coordinates(key).x],
      [-3, coordinates(key).y],
    ]),
});

const algorithms = {
  ES256: elliptic(-7, 1, "P-256", "sha256"),
  ES384: elliptic(-35, 2, "P-384", "sha384"),
  ES256K: elliptic(-47, 8, "secp256k1", "sha256"),
  EdDSA: {
    hash: null,
    pair: () => generateKeyPairSync("ed25519"),
    cose: (key: KeyObject) =>
      new Map<number, unknown>([
        [1, 1],
        [3, -8],
        [-1, 6],
        [-2, coordinates(key).x],
      ]),
  },
  RS256: {
    hash: "sha256",
    pair: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
    cose: (key: KeyObject) =>
      new Map<number, unknown>([
        [1, 3],
        [3, -257],
        [-1, coordinates(key).n],
        [-2, coordinates(key).e],
      ]),
  },
};

const sha256 = (data: Buffer | string) => createHash("sha256").update(data).digest();
const text = (bytes: Buffer) => bytes.toString("base64url");

/** A security key of software, and the browser that it is plugged into. It does as told, also what no key would do. */
export class Authenticator {
  readonly keys: Key[] = [];
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Makes a key for these options, and says what a page would submit. */
  create({ publicKey: options }: Json, twist: Twist = {}): string {
    const algorithm = algorithms[twist.algorithm ?? "ES256"];
    const { privateKey, publicKey } = algorithm.pair();
    const id = twist.id ?? randomBytes(32);
    const cose = twist.publicKey?.(algorithm.cose(publicKey)) ?? algorithm.cose(publicKey);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const attested = Buffer.concat([Buffer.alloc(16, 7), length, id, encodeCbor(cose)]);
    const authData = this.#data(twist.rpId ?? options.rp.id, 0x40, twist.count ?? 0, attested, twist);
    const clientData = this.#clientData("webauthn.create", options.challenge, twist);
    const statement = twist.attestation?.({ authData, clientDataHash: sha256(clientData), privateKey }) ?? {
      fmt: "none",
      attStmt: {},
    };
    const object = encodeCbor({ ...statement, authData });
    this.keys.push({
      id,
      privateKey,
      user: options.user.id,
      rpId: options.rp.id,
      hash: algorithm.hash,
      count: twist.count ?? 0,
    });
    return answer(twist.outerId ?? id, {
      clientDataJSON: text(clientData),
      attestationObject: text(twist.attestationObject?.(object) ?? object),
      transports: ["internal"],
    });
  }

  /** Signs for these options, and says what a page would submit. */
  get({ publicKey: options }: Json, twist: Twist = {}): string {
    const key = this.keys.at(twist.key ?? -1)!;
    const count = twist.count ?? ++key.count;
    const authenticatorData = this.#data(twist.rpId ?? options.rpId, 0, count, Buffer.alloc(0), twist);
    const clientData = this.#clientData("webauthn.get", options.challenge, twist);
    const data = Buffer.concat([authenticatorData, sha256(clientData)]);
    const signature = sign(key.hash, twist.signs?.(data) ?? data, key.privateKey);
    const userHandle = twist.userHandle === undefined ? key.user : twist.userHandle;
    return answer(twist.outerId ?? key.id, {
      clientDataJSON: text(clientData),
      authenticatorData: text(authenticatorData),
      signature: text(twist.signature?.(signature) ?? signature),
      ...(userHandle !== null && { userHandle }),
    });
  }

  #data(rpId: string, more: number, count: number, attested: Buffer, twist: Twist): Buffer {
    const { up = true, uv = true, be = false, bs = false } = twist.flags ?? {};
    const flags = more | (up ? 1 : 0) | (uv ? 4 : 0) | (be ? 8 : 0) | (bs ? 16 : 0);
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(count);
    const data = Buffer.concat([sha256(rpId), Buffer.from([flags]), counter, attested]);
    return twist.authenticatorData?.(data) ?? data;
  }

  #clientData(type: string, challenge: string, twist: Twist): Buffer {
    const { topOrigin, crossOrigin = false } = twist;
    const said = {
      type: twist.type ?? type,
      challenge: twist.challenge ?? challenge,
      origin: twist.origin ?? this.#origin,
      crossOrigin,
    };
    const whole = JSON.stringify({ ...said, ...(topOrigin && { topOrigin }) });
    return Buffer.from(twist.clientData?.(whole) ?? whole);
  }
}

const answer = (id: Buffer, response: object) =>
  JSON.stringify({ id: text(id), rawId: text(id), type: "public-key", clientExtensionResults: {}, response });
