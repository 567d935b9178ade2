import { PosternError } from "../errors.ts";

/** What is thrown for an id that is nobody's. */
export function noSuchUser(userId: string): PosternError {
  return new PosternError("user_not_found", `There is no user "${userId}".`);
}
