import type { MembershipCheck, Sources } from "../hooks.ts";
import { at } from "./at.ts";
import { claimMembership } from "./claim-membership.ts";

/**
 * Groups by GUID: from the claim, and beyond 200 of them (where the claim is replaced by a pointer) from Graph at this
 * address; `null` = it is not asked, and then it cannot be told.
 */
export function microsoftGroups(graph: string | null): MembershipCheck {
  const fromClaims = claimMembership("44444444-4444-4444-8444-444444444444", "groups");
  if (graph === null) return fromClaims;
  return {
    ...fromClaims,
    scopes: ["User.Read"],
    request: ({ idToken }) => {
      if (!hasTooMany(idToken)) return null;
      return {
        url: `${graph}/v1.0/me/transitiveMemberOf`,
        query: { $select: "id", $top: "100" },
        headers: { consistencylevel: "eventual" },
      };
    },
    groups: groupsOn,
    paging: {
      next: (body, { headers = {} }) => {
        const url = at(body, ["@odata.nextLink"]);
        return typeof url === "string" ? { url, headers } : null;
      },
    },
  };
}

function hasTooMany(idToken: Sources["idToken"]): boolean {
  return idToken?.hasgroups === true || at(idToken, "_claim_names.groups") !== undefined;
}

// Directory roles and administrative units stand in the same list.
function groupsOn(body: unknown): readonly string[] {
  const values = at(body, "value");
  return (Array.isArray(values) ? values : [])
    .filter((entry) => (at(entry, ["@odata.type"]) ?? GROUP) === GROUP)
    .map((entry) => at(entry, "id"))
    .filter((id) => typeof id === "string");
}

const GROUP = "#microsoft.graph.group";
