declare const localPath: unique symbol;

/** A path on our own origin, proven so: the only thing that a redirect of ours to the application may hold. */
export type LocalPath = string & { readonly [localPath]: true };

/** Where people go when nothing better is known. */
export const HOME = "/" as LocalPath;
