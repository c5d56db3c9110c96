// With so much of what would have begun, work goes on while connections come.
const mostPutOff = 8;

const longTurnMs = 10;

let cameNow = false;
let turnBegan: number | undefined;

/**
 * Tells all queues that a connection has come. The event loop takes one in each of its turns, so that behind many that come at
 * once everybody waits for as many turns: these are kept short meanwhile.
 */
export function noteConnection(): void {
  if (cameNow) return;
  cameNow = true;
  setImmediate(() => (cameNow = false));
}

/** Whether this turn of the event loop has taken so long that what is new should be looked at first. */
function isLong(): boolean {
  if (turnBegan !== undefined) return performance.now() - turnBegan > longTurnMs;
  turnBegan = performance.now();
  setImmediate(() => (turnBegan = undefined));
  return false;
}

/**
 * Makes a queue of which so much begins in each turn of the event loop, and less where that takes long: what is new is looked at in
 * between, however much has come at once.
 */
export function createQueue(mostEach: number): (begin: () => void) => void {
  const waiting: (() => void)[] = [];
  let called = 0;
  let putOff = 0;

  function call(begin: () => void): void {
    called++;
    setImmediate(start, begin);
  }

  function start(begin: () => void): void {
    if (isLong() || (cameNow && putOff++ < mostPutOff)) return void setImmediate(start, begin);
    putOff = 0;
    called--;
    const next = waiting.shift();
    if (next) call(next);
    begin();
  }

  return (begin) => {
    if (called < mostEach) call(begin);
    else waiting.push(begin);
  };
}

/** Where requests wait that have come with others. */
export const soon = createQueue(8);
