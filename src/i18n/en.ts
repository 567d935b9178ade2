import { enErrors } from "./en-errors.ts";
import { phrase } from "./phrase.ts";

/** What the pages say, in English. Its type is the list of everything that any language must say. */
export const en = {
  theme: "Appearance",
  themes: { system: "Like the system", light: "Light", dark: "Dark" },
  help: "Trouble signing in?",
  reference: "Reference",
  signOut: "Sign out",

  signIn: {
    documentTitle: "Sign in",
    title: (app: string) => phrase`Sign in to ${app}`,
    returnTo: (place: string) => phrase`You will return to ${place}`,
    continueWith: (provider: string) => phrase`Continue with ${provider}`,
    lastUsed: "Last used",
    moreWays: "More ways to sign in",
    troubled: (provider: string) =>
      phrase`${provider} has had problems in the last few minutes. It may still work.`,
    noProvider: "No way to sign in is set up yet.",
    setUp: (command: string) => phrase`For administrators: ${command} shows what is missing.`,
    sessionEnded: "Your session has ended. Sign in again to continue.",
    invited: "Sign in to accept your invitation.",
  },

  invitation: {
    title: (app: string) => phrase`You are invited to ${app}`,
    invitedBy: (name: string) => phrase`${name} invites you.`,
    invitedByAdministrator: "An administrator invites you.",
    role: "Your role",
    recipient: "For",
    anyone: "Anyone who has this link",
    at: (name: string, provider: string) => phrase`${name} at ${provider}`,
    until: "Valid until",
    whatHappens: "When you accept, you sign in with your own account. The invitation works once.",
    accept: "Accept and sign in",
  },

  error: {
    turn: {
      person: () => phrase`You can put this right`,
      administrator: () => phrase`An administrator can put this right`,
      provider: (provider: string | null) =>
        phrase`The problem lies with ${provider ?? "the sign-in service"}`,
      us: () => phrase`The problem is on our side`,
      nobody: () => phrase`This passes by itself`,
    },
    codes: enErrors,
    goToSignIn: "Go to sign-in",
    otherWays: {
      login: "Other ways to sign in",
      "step-up": "Other ways to confirm",
      link: "Back to your account",
    },
    signedInAs: (name: string) => phrase`You are signed in as ${name}.`,
    stillSignedInAs: (name: string) => phrase`You are still signed in as ${name}.`,
    stillSignedIn: "You are still signed in.",
    useAnotherAccount: "Use another account",
    contact: (support: string) => phrase`If you need help, turn to ${support} and give this reference.`,
    contactOnly: (support: string) => phrase`If you need help, turn to ${support}.`,
    technical: "Technical details",
  },

  signedOut: {
    title: "You are signed out",
    sentence: (app: string) => phrase`Your session in ${app} has ended on this device.`,
    sentenceEverywhere: (app: string) =>
      phrase`All your sessions in ${app} have ended, on this device and on every other one.`,
    stillSignedInAt: (provider: string) =>
      phrase`You may still be signed in at ${provider}. On a shared computer, sign out there as well.`,
    alsoSignedOutAt: (provider: string) => phrase`You are signed out at ${provider} as well.`,
    goingTo: (provider: string) => phrase`You will be signed out at ${provider} as well`,
    signOutThere: (provider: string) => phrase`Sign out at ${provider} too`,
    backTo: (place: string) => phrase`Back to ${place}`,
    signInAgain: "Sign in again",
  },

  handOver: {
    title: "You are signed in",
    sentence: (place: string) => phrase`You will be taken to ${place}`,
  },

  ownerLink: {
    onceOnly: "Works once, for ten minutes",
    claim: (app: string) => ({
      title: phrase`Become the owner of ${app}`,
      sentence: phrase`Whoever signs in next in this browser becomes the owner and may do everything. Only go on if you are meant to be that person.`,
      action: phrase`Continue to sign-in`,
    }),
    signIn: (app: string, name: string) => ({
      title: phrase`Come in without a provider`,
      sentence: phrase`This signs you in to ${app} as ${name}. It is recorded, and all owners see it until another owner has reviewed it.`,
      action: phrase`Sign in as ${name}`,
    }),
    provider: "One-time link",
  },

  request: {
    title: (app: string) => phrase`Ask for access to ${app}`,
    sentence: (app: string, handle: string | null) =>
      handle === null
        ? phrase`Your sign-in worked, but this account has no access to ${app} yet. An administrator can let you in.`
        : phrase`You signed in as ${handle}, but this account has no access to ${app} yet. An administrator can let you in.`,
    note: "A note for the administrator (optional)",
    noteHint: (longest: number) =>
      `Who you are and what you need the access for. At most ${longest} characters.`,
    send: "Ask for access",
    pendingTitle: "Your request was sent",
    pendingSentence: (date: string) =>
      phrase`Your request was sent on ${date}. You will be able to sign in once it is approved.`,
    checkAgain: "Check again",
    approvedTurn: "Approved",
    approvedTitle: "Your request was approved",
    approvedSentence: "Sign in once more to enter.",
    enter: "Sign in",
    declinedTitle: "Your request was declined",
    declinedSentence: (app: string, handle: string | null) =>
      handle === null
        ? phrase`An administrator has decided that this account gets no access to ${app}.`
        : phrase`An administrator has decided that ${handle} gets no access to ${app}.`,
    reason: "The administrator’s reason",
    askAgain: (date: string) => phrase`You may ask once more from ${date} on.`,
    welcomeTitle: (app: string) => phrase`Welcome to ${app}`,
    welcomeSentence: "An administrator has approved your request. You are signed in.",
    goOn: "Continue",
  },

  stepUp: {
    title: "Confirm that it is you",
    sentence: (app: string) =>
      phrase`What you want to do in ${app} needs a recent sign-in. Sign in once more, and you come back to where you were.`,
    noWay:
      "None of the accounts with which you could confirm it is set up at the moment. An administrator can change that.",
    notNow: "Not now",
  },

  account: {
    title: "Your account",
    breakGlass: {
      used: (name: string) =>
        phrase`${name} came in by a one-time link from the server, around the usual way in.`,
      reason: (reason: string) => phrase`Reason: ${reason}`,
      review: "I have reviewed this",
      waits: "This stays here until another owner has reviewed it.",
      reviewed: "It is marked as reviewed.",
    },
    noName: "No name",
    verified: "Verified",
    unverified: "Not verified",
    roles: "Roles",
    noRoles: "You have no role yet.",
    roleNames: { owner: "Owner", admin: "Administrator", auditor: "Auditor", member: "Member" },
    roleSources: {
      rule: "from an access rule",
      provider: "from your sign-in provider",
      direct: "granted by an administrator",
      config: "from the configuration",
    },
    identities: "Ways to sign in",
    linked: "Linked",
    lastUsed: "Last used",
    noHandle: "No name given",
    add: "Add a way to sign in",
    addWay: (provider: string) => phrase`Add ${provider}`,
    onlyWay: "Your only way to sign in. To remove it, add another one first.",
    ask: {
      addTitle: (provider: string) => phrase`Add ${provider} as a way to sign in`,
      addSentence: (provider: string) =>
        phrase`Sign in at ${provider} with the account that you want to use here. Nobody else may be using it here.`,
      removeTitle: (provider: string, handle: string | null) =>
        handle === null ? phrase`Remove ${provider}?` : phrase`Remove ${provider} (${handle})?`,
      removeSentence:
        "You cannot sign in with it any more, and devices that were signed in with it are signed out.",
      removeSentenceHere:
        "You cannot sign in with it any more, and devices that were signed in with it are signed out. That includes this one: you sign in again with another account.",
      remove: "Remove",
      leave: "Keep it as it is",
    },
    wasLinked: "It has been added: you can sign in with it from now on.",
    wasLinkedAlready: "This account is one of your ways to sign in already. Nothing has changed.",
    wasUnlinked: "It has been removed.",
    switchedOff: "Switched off by an administrator. You cannot sign in with it now.",
    devices: "Devices",
    thisDevice: "This device",
    browserOn: (browser: string, system: string) => phrase`${browser} on ${system}`,
    unidentifiedBrowser: "Unidentified browser",
    userAgent: "What it says it is",
    address: "Address",
    noAddress: "Unknown",
    firstSeen: "First seen",
    lastSeen: "Last seen",
    signedInWith: "Signed in with",
    signOutOthers: "Sign out everywhere else",
    signOutEverywhere: "Sign out everywhere",
    everywhereHint: "This device, too: you will have to sign in again.",
    onlyDevice: "You are not signed in anywhere else.",
    othersSignedOut: (count: number) => {
      if (count === 0) return "You were not signed in anywhere else.";
      return count === 1 ? "1 other device was signed out." : `${count} other devices were signed out.`;
    },
    deviceSignedOut: "The device was signed out.",
  },
};

export type Messages = typeof en;
