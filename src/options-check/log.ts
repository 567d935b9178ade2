import type { Log } from "../model/log.ts";
import type { Report } from "../model/rule-vocabulary.ts";

/** The `log` of the options, or one that writes warnings and errors to the console. */
export function checkLog(value: Log | undefined, report: Report): Log {
  if (value === undefined) return consoleLog;
  const lacking = Object.keys(consoleLog).filter(
    (level) => typeof Reflect.get(Object(value), level) !== "function",
  );
  if (lacking.length === 0) return value;
  report(
    "log",
    `has no ${lacking.join(", ")}`,
    "Give a logger such as pino's, called as log.warn(fields, message).",
  );
  return consoleLog;
}

const consoleLog: Log = {
  debug: () => {},
  info: () => {},
  warn: (fields, message) => console.warn(`postern: ${message}`, fields),
  error: (fields, message) => console.error(`postern: ${message}`, fields),
};
