/**
 * For how long a lease is good, from before the statement was sent that renewed it. What is kept in memory under a lease may be
 * answered with as long as it is good, and no longer.
 */
export const leaseMs = 2_000;

/**
 * How long whoever has changed something waits at most for those who hold leases: once it is over, none of them can hold one from
 * before the change. Clocks of two machines may differ in speed; by a twentieth, none does.
 */
export const patienceMs = leaseMs * 1.05;

/** How often a lease is renewed at least. */
export const renewEveryMs = 500;

/** How often a holder looks for itself what was invalidated, where nothing tells it. */
export const lookEveryMs = 100;

/**
 * How long a holder has known an invalidation that nobody has cleared away before it does. By then every other one has seen it
 * too or has lost its lease: it has looked within one lease, and a look that took another one is too late to renew it.
 */
export const orphanedMs = 2.5 * leaseMs;
