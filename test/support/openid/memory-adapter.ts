import type { Adapter, AdapterPayload } from "oidc-provider";

/** What a provider remembers, so that another one with new keys can go on where it was. */
export type Memory = Map<string, AdapterPayload>;

/** Keeps in memory what a provider stores: each kind of thing under its own names. */
export const keepIn =
  (memory: Memory) =>
  (kind: string): Adapter => {
    const nameOf = (id: string) => `${kind} ${id}`;
    const where = async (fits: (payload: AdapterPayload) => boolean) =>
      [...memory].find(([name, payload]) => name.startsWith(`${kind} `) && fits(payload))?.[1];
    return {
      upsert: async (id, payload) => void memory.set(nameOf(id), payload),
      find: async (id) => memory.get(nameOf(id)),
      findByUid: (uid) => where((payload) => payload.uid === uid),
      findByUserCode: (code) => where((payload) => payload.userCode === code),
      consume: async (id) => void (memory.get(nameOf(id))!.consumed = Math.floor(Date.now() / 1000)),
      destroy: async (id) => void memory.delete(nameOf(id)),
      async revokeByGrantId(grant) {
        for (const [name, payload] of memory) if (payload.grantId === grant) memory.delete(name);
      },
    };
  };
