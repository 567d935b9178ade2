/** Milliseconds of a clock that all processes of a machine share and that never jumps. */
export function machineTime(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The same for a moment of the wall clock (milliseconds since the epoch); rather up to a millisecond too early. */
export function machineTimeOf(epoch: number): number {
  return machineTime() - (Date.now() + 1 - epoch);
}
