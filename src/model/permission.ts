import type { Permission } from "./role.ts";
import type { Title, TitleOption } from "./title.ts";

/** What is told of a permission where it is registered. */
export interface PermissionOptions {
  /** What it stands with in lists: one text, or one for each language. Default none. */
  readonly group?: TitleOption | undefined;
  /** What it allows, in a few words: one text, or one for each language. Default its key. */
  readonly title?: TitleOption | undefined;
  /** True for what cannot be undone or costs money: it is shown so wherever it is given. Default false. */
  readonly dangerous?: boolean | undefined;
}

/** A permission that the code asks for. */
export interface RegisteredPermission {
  /** `orders.refund` */
  readonly key: Permission;
  readonly title: Title;
  /** `null` = none. */
  readonly group: Title | null;
  readonly dangerous: boolean;
}
