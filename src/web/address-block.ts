/**
 * Whose address it is, as far as that can be told: an IPv4 address itself, of IPv6 the first 64 bits, since everybody is
 * given as many addresses as they like below them (RFC 6177 §2). Takes what `clientAddress` answers.
 */
export function addressBlock(address: string): string {
  if (!address.includes(":")) return address;
  const [left = "", right] = address.split("::");
  const [before, after] = [groupsOf(left), groupsOf(right ?? "")];
  const zeros = Array.from({ length: Math.max(8 - before.length - after.length, 0) }, () => "0");
  const groups = right === undefined ? before : [...before, ...zeros, ...after];
  return `${groups.slice(0, 4).join(":")}::/64`;
}

/** An IPv4 address at the end stands for two groups, whatever they are. */
function groupsOf(part: string): readonly string[] {
  if (part === "") return [];
  return part.split(":").flatMap((group) => (group.includes(".") ? [group, group] : [group]));
}
