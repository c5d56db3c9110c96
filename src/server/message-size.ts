import type { DescMethod } from "@bufbuild/protobuf";

const largestMessage = 1024 * 1024;

/** How many bytes a message may have. A batch (AIP-231) is as long as it takes; everything else fits a form. */
export const largestMessageOf = ({ name }: DescMethod): number =>
  name.startsWith("Batch") ? 10 * largestMessage : largestMessage;
