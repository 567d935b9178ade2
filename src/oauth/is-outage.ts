/** Whether a server says with its status that it cannot answer at the moment (RFC 9110 §15.6, RFC 6585 §4): it has judged nothing. */
export function isOutage(status: number): boolean {
  return status >= 500 || status === 429;
}
