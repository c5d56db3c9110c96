/**
 * Makes a queue of which so much begins in each turn of the event loop: what is new is looked at in between, however much has
 * come at once.
 */
export function createQueue(mostEach: number): (begin: () => void) => void {
  const waiting: (() => void)[] = [];
  let called = 0;

  function call(begin: () => void): void {
    called++;
    setImmediate(() => {
      called--;
      const next = waiting.shift();
      if (next) call(next);
      begin();
    });
  }

  return (begin) => {
    if (called < mostEach) call(begin);
    else waiting.push(begin);
  };
}

/** Where requests wait that have come with others. */
export const soon = createQueue(8);
