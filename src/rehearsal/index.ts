/** The rehearsal provider: a local identity provider for development and tests. Exports only. */
export type { MisbehaveOptions } from "./active-misbehaviours.ts";
export type { ApplicationKey, ApplicationKeys } from "./application-keys.ts";
export { REHEARSAL_SECRET, type RehearsalClient } from "./clients.ts";
export type { DelayHook } from "./context.ts";
export { ENDPOINTS, type Endpoint, LOOK_ALIKES, type LookAlike } from "./endpoints.ts";
export { COMPANIES, type Company, type CompanyName, type Memberships } from "./memberships.ts";
export { MISBEHAVIOUR_MODES, MISBEHAVIOURS, type MisbehaviourMode } from "./misbehaviours.ts";
export { LOGOUT_VARIANTS, type LogoutVariant, type LogoutWish } from "./openid/logout-token.ts";
export type { RehearsalOptions } from "./options.ts";
export { PERSONAS, type Persona } from "./personas.ts";
export {
  type PickOptions,
  type PostedCallback,
  pickPersona,
  pickPersonaByPost,
} from "./pick-persona.ts";
export { type Rehearsal, startRehearsal } from "./start-rehearsal.ts";
export { groupIdOf } from "./tenants/group-claims.ts";
