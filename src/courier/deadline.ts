/** Does work that must be over in time. Rejects when it is not, and tells the work by the signal. */
export async function withDeadline(ms: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const ended = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      ended.abort();
      reject(new Error(`The attempt took longer than ${ms} ms.`));
    }, ms);
  });
  try {
    await Promise.race([work(ended.signal), expired]);
  } finally {
    clearTimeout(timer);
  }
}
