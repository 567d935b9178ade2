import { Console } from "node:console";
import type { Log } from "../model/log.ts";
import type { Report } from "../model/rule-vocabulary.ts";

/** The `log` of the options, or one that writes warnings and errors to the console. */
export function checkLog(value: Log | undefined, report: Report): Log {
  if (value === undefined) return DEFAULT_LOG;
  const lacking = Object.keys(DEFAULT_LOG).filter(
    (level) => typeof Reflect.get(Object(value), level) !== "function",
  );
  if (lacking.length === 0) return value instanceof Console ? messageFirst(value) : value;
  report(
    "log",
    `has no ${lacking.join(", ")}`,
    "Give a logger such as pino's, called as log.warn(fields, message).",
  );
  return DEFAULT_LOG;
}

/** A console prints what it is given in that order, and people look for the message. */
function messageFirst(target: Console): Log {
  return {
    debug: (fields, message) => target.debug(`postern: ${message}`, fields),
    info: (fields, message) => target.info(`postern: ${message}`, fields),
    warn: (fields, message) => target.warn(`postern: ${message}`, fields),
    error: (fields, message) => target.error(`postern: ${message}`, fields),
  };
}

const DEFAULT_LOG: Log = { ...messageFirst(console), debug() {}, info() {} };
