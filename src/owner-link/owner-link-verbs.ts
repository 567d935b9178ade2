import type { Runtime } from "../runtime.ts";
import {
  type CreatedOwnerLink,
  createOwnerLink,
  type OwnerLinkWish,
  refuseOwnerLink,
} from "./create-owner-link.ts";

/** The ways in when there is no owner, or no provider: for whoever holds the server. */
export interface OwnerLinkVerbs {
  /** Makes a link that works once, for ten minutes. @throws PosternError `owner_exists`, `not_usable_owner` */
  create(wish: OwnerLinkWish, actor: string, reason?: string): Promise<CreatedOwnerLink>;
  /** Resolves when such a link could be made. @throws PosternError `owner_exists`, `not_usable_owner` */
  check(wish: OwnerLinkWish): Promise<void>;
}

/** Binds the verbs about owner links to a runtime. */
export function ownerLinkVerbs(runtime: Runtime): OwnerLinkVerbs {
  return {
    create: (wish, actor, reason) => createOwnerLink(runtime, wish, actor, reason),
    check: (wish) => runtime.store.transaction((tx) => refuseOwnerLink(tx, runtime.settings, wish)),
  };
}
