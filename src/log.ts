/** A structured logger: one line per event. Fields never hold secrets. */
export interface Log {
  /** Whether what is said to `debug` goes nowhere, so that it need not be put together. */
  readonly withoutDebug?: boolean;
  debug(event: string, fields?: Record<string, unknown>): void;
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
}

/** The same log, in which every line says something more. */
export const withFields = (log: Log, more: Record<string, unknown>): Log => ({
  withoutDebug: log.withoutDebug ?? false,
  debug: (event, fields) => log.debug(event, { ...more, ...fields }),
  info: (event, fields) => log.info(event, { ...more, ...fields }),
  warn: (event, fields) => log.warn(event, { ...more, ...fields }),
  error: (event, fields) => log.error(event, { ...more, ...fields }),
});
