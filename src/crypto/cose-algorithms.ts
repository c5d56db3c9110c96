/** A way to sign, by its number in the register of COSE. */
export interface Algorithm {
  readonly id: number;
  readonly kind: "EC" | "RSA" | "OKP";
  readonly curve?: number;
}

/** The algorithms (COSE) that keys may sign by, in the order in which they are offered. */
export const algorithms: readonly Algorithm[] = [
  { id: -7, kind: "EC", curve: 1 },
  { id: -35, kind: "EC", curve: 2 },
  { id: -36, kind: "EC", curve: 3 },
  { id: -257, kind: "RSA" },
  { id: -258, kind: "RSA" },
  { id: -259, kind: "RSA" },
  { id: -37, kind: "RSA" },
  { id: -38, kind: "RSA" },
  { id: -39, kind: "RSA" },
  { id: -8, kind: "OKP", curve: 6 },
];
