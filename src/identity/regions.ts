/** Where the data of an identity may be said to be kept; the contract names the same. */
const regions = new Set(["eu-central", "asia-northeast", "us-east", "us-west", "eu", "asia", "us", "global"]);

/** Whether there is such a region. */
export const isRegion = (name: string): boolean => regions.has(name);
