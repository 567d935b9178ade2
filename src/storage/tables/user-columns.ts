/** What a user is read from. */
export const USER_COLUMNS = [
  "id",
  "name",
  "email",
  "picture",
  "status",
  "created_at as createdAt",
  "last_sign_in_at as lastSignInAt",
] as const;
