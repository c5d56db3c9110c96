import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  ImportedIdentitySchema,
  ImportFailureSchema,
  ImportIdentitiesResponseSchema,
} from "#gen/ostiary/admin/v1/identity_service_pb.js";
import type { Problem } from "../../errors.ts";
import { describeError } from "../present-error.ts";

/** As many rows as an answer tells of one by one. */
const mostTold = 10_000;

type Failure = MessageInitShape<typeof ImportFailureSchema>;
type Answer = MessageInitShape<typeof ImportIdentitiesResponseSchema>;

/** Which row something is told of. */
interface Told {
  readonly number: number;
  readonly key: string;
}

/** Counts what has come of the rows of an import. */
export interface Tally {
  /** Each is listed by its id where one is given. */
  created(row: Told, id: string | undefined): void;
  existing(row: Told, id: string | undefined): void;
  failed(row: Told, problem: Problem): void;
  /** Whether an answer would tell of too many. */
  isFull(): boolean;
  answer(): Answer;
}

/** Begins to count. */
export function createTally(): Tally {
  const counts = { created: 0, existing: 0, failed: 0 };
  const failures: Failure[] = [];
  const identities: MessageInitShape<typeof ImportedIdentitySchema>[] = [];
  const list = ({ number, key }: Told, id: string | undefined) => {
    if (id !== undefined) identities.push({ number, key, id });
  };
  return {
    created(row, id) {
      counts.created++;
      list(row, id);
    },
    existing(row, id) {
      counts.existing++;
      list(row, id);
    },
    failed({ number, key }, problem) {
      counts.failed++;
      failures.push({ number, key, error: describeError(problem) as NonNullable<Failure["error"]> });
    },
    isFull: () => failures.length + identities.length >= mostTold,
    answer: () => ({ ...counts, failures: inOrder(failures), identities: inOrder(identities) }),
  };
}

/** Batches may be over in another order than they have come in. */
const inOrder = <T extends { number?: number }>(told: readonly T[]): T[] =>
  told.toSorted((one, other) => one.number! - other.number!);
