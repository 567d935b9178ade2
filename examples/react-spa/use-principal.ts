import type { Principal } from "postern/browser";
import { useEffect, useState } from "react";
import { door } from "./door.ts";

/** Who is signed in, in whatever tab that changes; `null` = nobody, `undefined` = not known yet. */
export function usePrincipal(): Principal | null | undefined {
  const [principal, setPrincipal] = useState<Principal | null>();
  useEffect(() => {
    const stop = door.onChange(setPrincipal);
    door.session().then(setPrincipal, () => setPrincipal(null));
    return stop;
  }, []);
  return principal;
}
