/** Data and small pure functions that describe one place to sign in. Grown by the provider files. */
export interface ProviderDefinition {
  readonly id: string;
}
