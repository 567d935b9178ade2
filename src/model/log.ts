/**
 * Where Postern writes what happens: pino, console, or anything with these four. A message is a constant, so that alerts
 * can be set on it; whatever differs stands in the fields, an error as `err`.
 */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Writes nothing: for those who only look. */
export const SILENT_LOG: Log = { debug() {}, info() {}, warn() {}, error() {} };
