import type { ErrorTextFor } from "./error-text.ts";
import { phrase } from "./phrase.ts";

/** Stands at the start of a sentence when no provider is known. */
const SOMEBODY = "The sign-in service";
const somebody = "the sign-in service";

const texts = {
  // Doors and guards
  authentication_required: () => ({
    title: phrase`Sign in to continue`,
    sentence: phrase`This page is only open to people who are signed in.`,
    action: "Sign in",
  }),
  permission_denied: ({ app }) => ({
    title: phrase`Your roles do not allow this`,
    sentence: phrase`You are signed in, but none of your roles in ${app} opens this page. An administrator can change that.`,
    action: "Go to the start page",
  }),
  no_role: ({ app }) => ({
    title: phrase`You have no role in ${app} yet`,
    sentence: phrase`Your sign-in worked and nothing is wrong with your account. An administrator still has to give you a role.`,
    action: "Contact support",
  }),
  api_key_invalid: () => ({
    title: phrase`This API key is not valid`,
    sentence: phrase`It does not exist, has expired or was revoked, or its owner may not come in. An administrator can make a new one.`,
    action: "Go back",
  }),
  cross_origin: ({ app }) => ({
    title: phrase`This request came from another site`,
    sentence: phrase`To protect you, ${app} only accepts it from its own pages. Open the page here and do it again.`,
    action: "Go to the start page",
  }),
  not_found: () => ({
    title: phrase`There is nothing at this address`,
    sentence: phrase`The link may be old, or part of the address is missing.`,
    action: "Go to the start page",
  }),
  method_not_allowed: () => ({
    title: phrase`This address cannot be opened directly`,
    sentence: phrase`It only answers to a button on one of our pages. Start from there.`,
    action: "Go to the start page",
  }),
  request_too_large: () => ({
    title: phrase`That was more than we accept at once`,
    sentence: phrase`Nothing was changed. Go back, send less, and try again.`,
    action: "Go back",
  }),
  unsupported_media_type: () => ({
    title: phrase`This format is not accepted here`,
    sentence: phrase`Nothing was changed. Open the page again and repeat the last step.`,
    action: "Go back",
  }),
  request_incomplete: () => ({
    title: phrase`The request did not arrive whole`,
    sentence: phrase`The connection broke off on the way. Nothing was changed; try again.`,
    action: "Go back",
  }),
  request_malformed: () => ({
    title: phrase`The request cannot be read`,
    sentence: phrase`It is not written as expected here. Nothing was changed.`,
    action: "Go back",
  }),
  audience_not_allowed: () => ({
    title: phrase`There is no token for this service`,
    sentence: phrase`The back office does not know the service that the token was meant for. An administrator can add it.`,
    action: "Go back",
  }),
  unknown_provider: () => ({
    title: phrase`This way of signing in is not available`,
    sentence: phrase`It may have been renamed or switched off. The sign-in page shows the ways that are open to you.`,
    action: "Go to sign-in",
  }),
  rate_limited: ({ minutes }) => ({
    title: phrase`Too many attempts`,
    sentence: phrase`Nothing is wrong with your account. Wait ${waiting(minutes)}, then try again.`,
    action: "Try again",
  }),

  // The callback
  callback_invalid: ({ provider }) => ({
    title: phrase`This sign-in could not be completed`,
    sentence: phrase`The answer from ${provider ?? somebody} arrived incomplete. Starting again usually helps.`,
    action: "Start again",
  }),
  state_mismatch: () => ({
    title: phrase`This sign-in is no longer valid`,
    sentence: phrase`That sign-in was started in another tab or has expired. Nothing is lost: start it again.`,
    action: "Start again",
  }),
  access_denied_by_user: ({ provider }) => ({
    title: phrase`You cancelled at ${provider ?? somebody}`,
    sentence: phrase`Nothing was shared, and nothing was changed. You can try again whenever you like.`,
    action: "Try again",
  }),
  provider_unavailable: ({ provider }) => ({
    title: phrase`${provider ?? SOMEBODY} is not answering`,
    sentence: phrase`It is not you and not your account. This usually passes within a few minutes; another way to sign in may work at once.`,
    action: "Try again",
  }),
  provider_rejected: ({ app, provider }) => ({
    title: phrase`${provider ?? SOMEBODY} refused this application’s request`,
    sentence: phrase`It is not you: the connection between ${app} and ${provider ?? somebody} needs an administrator. Another way to sign in may work.`,
    action: "Other ways to sign in",
  }),
  provider_untrusted: ({ provider }) => ({
    title: phrase`The answer from ${provider ?? somebody} did not pass our checks`,
    sentence: phrase`It is not you. To be safe, nobody was signed in. Start again, and report it if it happens twice.`,
    action: "Start again",
  }),
  clock_skew: ({ provider }) => ({
    title: phrase`The clocks of this site and ${provider ?? somebody} disagree`,
    sentence: phrase`It is not you: an administrator has to set this site’s clock. Until then signing in may fail.`,
    action: "Try again",
  }),
  no_identifier: ({ provider, app }) => ({
    title: phrase`${provider ?? SOMEBODY} did not tell us who you are`,
    sentence: phrase`It is not you: an administrator has to change what ${app} asks for when people sign in.`,
    action: "Contact support",
  }),

  // Calls to a provider on somebody's behalf
  token_gone: ({ app, provider }) => ({
    title: phrase`Sign in again to let ${app} go on`,
    sentence: phrase`${provider ?? SOMEBODY} no longer lets ${app} act for you. A new sign-in gives it leave again.`,
    action: "Sign in again",
  }),

  // May they enter
  ended_at_provider: ({ provider }) => ({
    title: phrase`You were signed out at ${provider ?? somebody}`,
    sentence: phrase`That happened while you were signing in here, so this sign-in does not count. Start it again.`,
    action: "Start again",
  }),
  not_allowed: ({ app, handle }) => ({
    title: phrase`Nobody has let this account in yet`,
    sentence:
      handle === null
        ? phrase`Your sign-in worked, but this account has no access to ${app}. Use another account, or ask an administrator.`
        : phrase`You signed in as ${handle}, but this account has no access to ${app}. Use another account, or ask an administrator.`,
    action: "Use another account",
  }),
  email_unverified: ({ provider }) => ({
    title: phrase`${provider ?? SOMEBODY} has not confirmed your e-mail address`,
    sentence: phrase`Confirm the address in your settings at ${provider ?? somebody}, then sign in again.`,
    action: "Sign in again",
  }),
  suspended: ({ app }) => ({
    title: phrase`This account is suspended`,
    sentence: phrase`Your sign-in worked, but an administrator has closed ${app} to this account. Only an administrator can open it again.`,
    action: "Contact support",
  }),
  pending_approval: ({ app }) => ({
    title: phrase`Your request is being looked at`,
    sentence: phrase`You have asked for access to ${app}. You can sign in as soon as an administrator approves it.`,
    action: "Check again",
  }),
  request_declined: ({ app }) => ({
    title: phrase`Your request was declined`,
    sentence: phrase`An administrator has decided that this account gets no access to ${app}.`,
    action: "Use another account",
  }),

  // Confirming that it is oneself
  step_up_required: () => ({
    title: phrase`Confirm that it is you`,
    sentence: phrase`This needs a recent sign-in, and yours was a while ago. Nothing was changed.`,
    action: "Confirm",
  }),
  step_up_failed: ({ provider }) => ({
    title: phrase`That did not confirm that it is you`,
    sentence: phrase`Sign in anew at ${provider ?? somebody}, with the account that you use here. Nothing was changed.`,
    action: "Try again",
  }),

  // The accounts that somebody signs in with
  identity_taken: ({ app, provider }) => ({
    title: phrase`This account is in use already`,
    sentence: phrase`Somebody else in ${app} signs in with this account at ${provider ?? somebody}. If both are you, an administrator can merge the two.`,
    action: "Go to your account",
  }),
  identity_not_found: () => ({
    title: phrase`You have no such account`,
    sentence: phrase`It may have been removed in another tab. Your account page shows how you sign in.`,
    action: "Go to your account",
  }),
  last_identity: () => ({
    title: phrase`This is your only way in`,
    sentence: phrase`Without it you could not sign in any more. Nothing was changed. Add another way to sign in first.`,
    action: "Go to your account",
  }),
  merge_refused: () => ({
    title: phrase`These two accounts cannot be merged`,
    sentence: phrase`Nothing was changed. They may be one and the same, or your own, or one of them is suspended and the other is not.`,
    action: "Go back",
  }),

  // Invitations
  invite_unknown: () => ({
    title: phrase`There is no such invitation`,
    sentence: phrase`Part of the link may be missing, or a newer one was sent. Open the newest one, whole.`,
    action: "Go to sign-in",
  }),
  invite_expired: ({ app }) => ({
    title: phrase`This invitation has expired`,
    sentence: phrase`Ask whoever invited you to ${app} to send it again. If you have been here before, just sign in.`,
    action: "Go to sign-in",
  }),
  invite_used: ({ app }) => ({
    title: phrase`This invitation was already used`,
    sentence: phrase`Each invitation to ${app} works once. If it was you who used it, just sign in.`,
    action: "Go to sign-in",
  }),
  invite_revoked: ({ app }) => ({
    title: phrase`This invitation no longer counts`,
    sentence: phrase`It was taken back, or nobody may give what it promised any more. Ask an administrator of ${app} for a new one.`,
    action: "Go to sign-in",
  }),
  invite_not_for_you: ({ handle }) => ({
    title: phrase`This invitation is for another account`,
    sentence:
      handle === null
        ? phrase`It was not used up. Open its link again and sign in with the account that it was sent to.`
        : phrase`You signed in as ${handle}. It was not used up: open its link again and sign in with the account that it was sent to.`,
    action: "Go to sign-in",
  }),

  // People and roles
  user_not_found: () => ({
    title: phrase`There is no such person here`,
    sentence: phrase`They may have been removed in the meantime, or the link is old.`,
    action: "Go back",
  }),
  api_key_not_found: () => ({
    title: phrase`This API key is not there`,
    sentence: phrase`Nothing was changed. It may have gone with its owner.`,
    action: "Go back",
  }),
  session_not_found: () => ({
    title: phrase`That device is signed out already`,
    sentence: phrase`Its session ended in the meantime, so there is nothing left to do.`,
    action: "Back to your account",
  }),
  unknown_role: () => ({
    title: phrase`There is no such role`,
    sentence: phrase`It may have been renamed or removed. Choose one of the roles that exist.`,
    action: "Go back",
  }),
  unknown_permission: () => ({
    title: phrase`There is no such permission`,
    sentence: phrase`It may have been renamed or removed. Choose one of the permissions that exist.`,
    action: "Go back",
  }),
  role_invalid: () => ({
    title: phrase`This cannot be a role`,
    sentence: phrase`Its name has lower-case letters, digits and hyphens; its title is one short line.`,
    action: "Go back",
  }),
  role_exists: () => ({
    title: phrase`There is a role of this name already`,
    sentence: phrase`Choose another name, or change the role that exists.`,
    action: "Go back",
  }),
  role_locked: () => ({
    title: phrase`This role cannot be changed here`,
    sentence: phrase`It is built in or stands in the configuration of the application, which wins.`,
    action: "Go back",
  }),
  role_in_use: () => ({
    title: phrase`This role is still given`,
    sentence: phrase`A rule, an invitation, a request or a promise names it, or somebody holds one of that name from before. Change or take back those first.`,
    action: "Go back",
  }),
  owner_exists: ({ app }) => ({
    title: phrase`${app} has an owner already`,
    sentence: phrase`An owner who can sign in makes others owners. A link for the first one is not needed any more.`,
    action: "Go to sign-in",
  }),
  not_usable_owner: () => ({
    title: phrase`This person cannot be signed in by a link`,
    sentence: phrase`Such a link is only for an owner who is active and has a way to sign in that is set up.`,
    action: "Go back",
  }),
  owner_link_invalid: () => ({
    title: phrase`This link does not work any more`,
    sentence: phrase`It works once and for ten minutes, and only while it is needed. Whoever made it on the server can make a new one.`,
    action: "Go to sign-in",
  }),
  rule_invalid: () => ({
    title: phrase`This access rule makes no sense`,
    sentence: phrase`Nothing was changed. What is wrong is told at its place in the rule.`,
    action: "Go back",
  }),
  rule_not_found: () => ({
    title: phrase`There is no such access rule`,
    sentence: phrase`It may have been removed meanwhile. The list shows those that are there.`,
    action: "Go back",
  }),
  rule_locked: () => ({
    title: phrase`This access rule stands in the configuration`,
    sentence: phrase`Nothing was changed. Whoever looks after the application changes it there.`,
    action: "Go back",
  }),
  rules_changed: () => ({
    title: phrase`Somebody else has changed the access rules`,
    sentence: phrase`Nothing was changed. Look at them again, then repeat this.`,
    action: "Go back",
  }),
  would_lock_out: () => ({
    title: phrase`With these access rules it is not certain that you, or an owner, can still come in`,
    sentence: phrase`Nothing was changed. Confirm it, or put a rule in front that lets them in.`,
    action: "Go back",
  }),
  last_owner: ({ app }) => ({
    title: phrase`${app} would be left without an owner`,
    sentence: phrase`Nothing was changed. Make somebody else an owner first, then repeat this.`,
    action: "Go back",
  }),
  request_not_found: () => ({
    title: phrase`There is no such request`,
    sentence: phrase`The person may have asked once more in the meantime. Look at the list again.`,
    action: "Go back",
  }),
  request_decided: () => ({
    title: phrase`This request has been decided already`,
    sentence: phrase`Nothing was changed. Somebody else may have been faster; look at it again.`,
    action: "Go back",
  }),

  // Ours
  store_unavailable: () => ({
    title: phrase`We cannot check who you are at the moment`,
    sentence: phrase`It is not you: our database is not answering. Nothing was changed; try again in a minute.`,
    action: "Try again",
  }),
  shutting_down: ({ app }) => ({
    title: phrase`${app} is restarting`,
    sentence: phrase`Nothing was changed. It is back in a moment; try again then.`,
    action: "Try again",
  }),
  migrations_pending: ({ app }) => ({
    title: phrase`${app} is being updated`,
    sentence: phrase`It is not you: an administrator still has to finish an update of the database. Nothing was changed.`,
    action: "Try again",
  }),
  seal_invalid: () => ({
    title: phrase`This form is no longer valid`,
    sentence: phrase`It has expired or was changed on its way. Nothing is lost: start again.`,
    action: "Start again",
  }),
  server_error: () => ({
    title: phrase`Something broke on our side`,
    sentence: phrase`It is not you. What happened has been recorded; trying again may help.`,
    action: "Try again",
  }),
} satisfies Record<string, ErrorTextFor>;

/** One text for each code of `ERRORS`; the keys are what every other language must have. */
export type ErrorTexts = Readonly<Record<keyof typeof texts, ErrorTextFor>>;
export const enErrors: ErrorTexts = texts;

function waiting(minutes: number | null): string {
  if (minutes === null) return "a few minutes";
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}
