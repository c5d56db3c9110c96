/**
 * A circuit breaker for each channel: after some failures in a row (of more than one line, where messages stand in some) it opens, and no message goes that way but one now and then
 * that probes whether the next station can be reached again. So nobody is busy with failing.
 */
export interface CircuitBreaker {
  /** The channels whose circuit is open: no message is to be taken but to probe them. */
  open(): string[];
  /** Those among them whose pause is over (half-open): one message each shows whether they are back. */
  due(nowMs: number): string[];
  /** One message of the channel is under way to probe it. Should nothing be heard of it until then, another may. */
  probing(channel: string, untilMs: number): void;
  /**
   * Hears how an attempt went. Answers with how long the circuit is open from now on, if it is.
   *
   * @param line whose message it was: no more than three failures in a row of the same line count. Left out, each does.
   */
  record(channel: string, reached: boolean, nowMs: number, line?: string): number | undefined;
  /** Opens the circuit until then: the next station has asked for it. */
  hold(channel: string, untilMs: number): void;
}

interface Circuit {
  /** Failures in a row. */
  failures: number;
  /** How many of them are of which line; those that opened the circuit are enough. */
  readonly lines: Map<string, number>;
  /** How often in a row it has opened; 0 while it is closed. */
  pauses: number;
  until: number;
  probing: boolean;
}

const failuresToOpen = 5;
// Fewer than open the circuit: what one line alone fails by is its own fault, and holds up no other.
const mostOfLine = 3;
const firstPauseMs = 1_000;
// No longer than it takes an operator to wonder why nothing is sent although the mail server is back.
const longestPauseMs = 30_000;

function countFailure(circuit: Circuit, line: string | undefined): void {
  if (circuit.failures >= failuresToOpen) return;
  const before = line === undefined ? 0 : (circuit.lines.get(line) ?? 0);
  if (before >= mostOfLine) return;
  circuit.failures++;
  if (line !== undefined) circuit.lines.set(line, before + 1);
}

/** Makes the circuit breaker of a worker. */
export function createCircuitBreaker(): CircuitBreaker {
  const circuits = new Map<string, Circuit>();
  const openCircuits = () => [...circuits].filter(([, { pauses }]) => pauses > 0);
  const circuitOf = (channel: string): Circuit => {
    const circuit = circuits.get(channel) ?? { failures: 0, lines: new Map(), pauses: 0, until: 0, probing: false };
    circuits.set(channel, circuit);
    return circuit;
  };
  return {
    open: () => openCircuits().map(([channel]) => channel),
    due: (nowMs) => openCircuits().flatMap(([channel, { until }]) => (until <= nowMs ? [channel] : [])),
    probing(channel, untilMs) {
      const circuit = circuits.get(channel);
      if (circuit) Object.assign(circuit, { probing: true, until: untilMs });
    },
    record(channel, reached, nowMs, line) {
      if (reached) return void circuits.delete(channel);
      const circuit = circuitOf(channel);
      countFailure(circuit, line);
      // Of those that were under way together, one decides.
      if (circuit.failures < failuresToOpen || (circuit.pauses > 0 && !circuit.probing)) return undefined;
      const pauseMs = Math.min(firstPauseMs * 2 ** circuit.pauses, longestPauseMs);
      Object.assign(circuit, { pauses: circuit.pauses + 1, until: nowMs + pauseMs, probing: false });
      return pauseMs;
    },
    hold(channel, untilMs) {
      const circuit = circuitOf(channel);
      const { failures, pauses, until } = circuit;
      Object.assign(circuit, {
        failures: Math.max(failures, failuresToOpen),
        pauses: Math.max(pauses, 1),
        until: Math.max(until, untilMs),
        probing: false,
      });
    },
  };
}
