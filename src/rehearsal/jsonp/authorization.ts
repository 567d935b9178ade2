import { randomBytes } from "node:crypto";
import type { AuthorizationRules } from "../authorization-request.ts";

/** The state is demanded. On a computer the page just closes when the person cancels; on a phone it leads back. */
export const authorization: AuthorizationRules = {
  flavour: "jsonp",
  check(parameters) {
    if (parameters.get("response_type") !== "code") return { error: "100000", description: "response_type" };
    return parameters.get("state") ? null : { error: "100001", description: "state" };
  },
  tells: "person",
  grantScope: (asked) => (asked.length === 0 ? ["get_user_info"] : asked),
  newCode: () => randomBytes(16).toString("hex").toUpperCase(),
  cancelled: ({ asked }) => (asked.display === "mobile" ? { usercancel: "1" } : null),
};
