/** Whether a person may come in at all. */
export type UserStatus = "active" | "suspended";

/** A local person. Times are milliseconds since the epoch. */
export interface User {
  /** `usr_…` */
  readonly id: string;
  readonly name: string | null;
  /** What the provider last told; never a key. */
  readonly email: string | null;
  readonly picture: string | null;
  readonly status: UserStatus;
  readonly createdAt: number;
  readonly lastSignInAt: number | null;
}

export interface UserListQuery {
  /** A part of name or e-mail that begins with a word (or a character of a script without spaces), or a whole id; folded case. */
  readonly text?: string;
  readonly role?: string;
  readonly status?: UserStatus;
  /** 1–200. */
  readonly limit: number;
  /** The last id of the page before. Ids sort by time of creation. */
  readonly after?: string;
}

/** Reading users. */
export interface UserReader {
  get(id: string): Promise<User | null>;
  /** Newest last, ordered by id. */
  list(query: UserListQuery): Promise<readonly User[]>;
  count(query: Omit<UserListQuery, "limit" | "after">): Promise<number>;
  /** By exact id, or exact e-mail (folded case). May be several: e-mail is no key. */
  find(who: string): Promise<readonly User[]>;
}

/** Writing users, inside a transaction. */
export interface UserWriter extends UserReader {
  insert(user: User): Promise<void>;
  update(id: string, change: Partial<Omit<User, "id" | "createdAt">>): Promise<void>;
  /** Reads a user whom nobody else changes or deletes until the transaction ends. Comes before `lockOwners`. */
  lock(id: string): Promise<User | null>;
  /** Removes the row, and with it identities, grants and sessions. */
  delete(id: string): Promise<void>;
  /**
   * Makes some of those who are new or have changed quick to find, and leaves out whom somebody else holds just now. Until
   * then they are found more slowly. Answers how many it were; fewer than `most` = nobody is left.
   */
  index(most: number): Promise<number>;
}
