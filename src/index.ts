export type { ApiKeyVerbs, ShownApiKey } from "./api-keys/api-key-verbs.ts";
export type { ApiKeyWish, IssuedApiKey } from "./api-keys/create-api-key.ts";
export type { AuditVerbs } from "./audit/audit-verbs.ts";
export { defineConfig } from "./define-config.ts";
export { ConfigError, type ConfigProblem, type ErrorCode, PosternError } from "./errors.ts";
export type { HousekeepingVerbs } from "./housekeeping/housekeeping-verbs.ts";
export type { HousekeepingReport } from "./housekeeping/keep-house.ts";
export type { Cors, CorsAnswer, CorsOptions } from "./http/application-cors.ts";
export type { Connection } from "./http/call.ts";
export type { GuardOptions, RoleArguments } from "./http/guard-options.ts";
export type { Guard, GuardResult, KeyGuardOptions, PeopleGuardOptions } from "./http/guards.ts";
export type { GuardedRequest } from "./http/sign-in-first.ts";
export type { InvitationWish, IssuedInvitation } from "./invitations/create-invitation.ts";
export type { InvitationVerbs } from "./invitations/invitation-verbs.ts";
export type { RecipientWish } from "./invitations/read-recipient.ts";
export { loadConfig } from "./load-config.ts";
export type { AccessRequest, AccessRequestStatus } from "./model/access-request.ts";
export type { AccessCondition, AccessRule, ClaimCondition } from "./model/access-rule.ts";
export type { ApiKey, ApiKeyQuery, ApiKeyState } from "./model/api-key.ts";
export { apiKeyState } from "./model/api-key.ts";
export type { AuditEvent, AuditQuery } from "./model/audit-event.ts";
export type { DeletedUser } from "./model/deleted-user.ts";
export type { Duration } from "./model/duration.ts";
export type { Identity } from "./model/identity.ts";
export type { Invitation, InvitationRecipient, InvitationState } from "./model/invitation.ts";
export { invitationState } from "./model/invitation.ts";
export type { LimitName, LimitOptions } from "./model/limit-settings.ts";
export type { ListedRule, RuleInForce } from "./model/listed-rule.ts";
export type { Log } from "./model/log.ts";
export type { PendingGrant } from "./model/pending-grant.ts";
export type { PermissionOptions, RegisteredPermission } from "./model/permission.ts";
export type {
  Caller,
  KeyPrincipal,
  Principal,
  PrincipalApiKey,
  PrincipalDocument,
  PrincipalSession,
  PrincipalUser,
} from "./model/principal.ts";
export type { Retention } from "./model/retention.ts";
export type { GrantSource, RoleGrant } from "./model/role.ts";
export type { Session, SessionLimits } from "./model/session.ts";
export type { SignOutOptions } from "./model/sign-out-options.ts";
export type { StoredRole } from "./model/stored-role.ts";
export type { StoredRule } from "./model/stored-rule.ts";
export type { Title, TitleOption } from "./model/title.ts";
export type { User, UserListQuery } from "./model/user.ts";
export type { WebhookDelivery, WebhookDeliveryState, WebhookEvent, WebhookOptions } from "./model/webhook.ts";
export type { ClosableServer, CloseOptions } from "./operation/shut-down.ts";
export type { BrandOptions, MetricsOptions, PosternOptions } from "./options.ts";
export type { CreatedOwnerLink, OwnerLinkWish } from "./owner-link/create-owner-link.ts";
export type { OwnerLinkVerbs } from "./owner-link/owner-link-verbs.ts";
export {
  createPostern,
  type KeptProviderOf,
  type PermissionOf,
  type Postern,
  type RoleOf,
} from "./postern.ts";
export type { ProviderDefinition } from "./providers/definition.ts";
export type { RequestVerbs } from "./requests/request-verbs.ts";
export type { CreatedRole, RemovedRole, RoleWish } from "./roles/change-roles.ts";
export type { RoleChangeTerms, RoleCreationTerms } from "./roles/changing-roles.ts";
export type { RoleDescription } from "./roles/describe-roles.ts";
export type { PermissionExplanation, PermissionSource } from "./roles/explain-permissions.ts";
export type { RoleSource } from "./roles/role-source.ts";
export type { RoleVerbs } from "./roles/role-verbs.ts";
export type { ChangedRules, ForeseenRules, RuleChange } from "./rules/change-rules.ts";
export type { RuleEdit, RulePlace, RuleWish } from "./rules/edit-rules.ts";
export type { ExplainedAccount, RehearsedPerson, RuleList, RuleVerbs } from "./rules/rule-verbs.ts";
export type { SessionVerbs } from "./sessions/session-verbs.ts";
export type { Encoding } from "./transfer/decode-text.ts";
export type { ExportPart, ExportWish } from "./transfer/export-people.ts";
export type { ImportResult, ImportWish } from "./transfer/import-context.ts";
export type { OpenedTransfer, TransferFormat } from "./transfer/read-transfer.ts";
export { TransferFailure } from "./transfer/transfer-failure.ts";
export type {
  CarriedGrant,
  CarriedUser,
  RowProblem,
  TransferRecord,
  TransferRow,
} from "./transfer/transfer-record.ts";
export type { TransferVerbs } from "./transfer/transfer-verbs.ts";
export type { Merge, MergedRole } from "./users/merge-users.ts";
export type { UserVerbs } from "./users/user-verbs.ts";
export type { ApiCall, ApiInit, PagesInit } from "./vault/api-call.ts";
export type { ProviderApi } from "./vault/provider-api.ts";
export type { WebhookTest } from "./webhooks/test-webhook.ts";
export type { ShownWebhook, WebhookVerbs } from "./webhooks/webhook-verbs.ts";
