/** What is sent: `type`, `timestamp`, `data`, as Standard Webhooks lays it out. `now` is when it happened. */
export function messageBody(type: string, now: number, data: object): string {
  return JSON.stringify({ type, timestamp: new Date(now).toISOString(), data });
}
