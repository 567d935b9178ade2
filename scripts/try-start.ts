/**
 * Runs `npm start` as a newcomer would and looks whether it keeps what the README says: the guarded page leads to the
 * sign-in page, both kinds of provider are offered, somebody can sign in, and a restart signs nobody out.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { Person } from "../src/testing/person.ts";

const env = { ...process.env, PORT: "4380", REHEARSAL_PORT: "4381" };
const SITE = "http://localhost:4380";
const DEADLINE = 120_000;

const ada = new Person(SITE);

await whileRunning(async () => {
  const turnedAway = await ada.request("/admin");
  expect(
    turnedAway.headers.get("location") === "/auth/sign-in?return_to=%2Fadmin",
    "/admin leads to the sign-in page",
  );
  const page = await (await ada.request("/auth/sign-in")).text();
  expect(
    page.includes("/auth/sign-in/rehearsal") && page.includes("/auth/sign-in/github"),
    "both kinds are offered",
  );
  const back = await ada.signIn("rehearsal", "ada", { returnTo: "/admin" });
  expect(back.headers.get("location") === "/admin", "signing in leads back");
  expect(
    (await (await ada.request("/admin")).text()).includes("欢迎进入管理后台"),
    "/admin is open to an owner",
  );
});
await whileRunning(async () => {
  expect((await ada.request("/admin")).status === 200, "a restart signs nobody out");
});
console.log("npm start keeps what the README says.");

async function whileRunning(work: () => Promise<void>): Promise<void> {
  const child = spawn("npm", ["start"], { env, stdio: ["ignore", "pipe", "inherit"], detached: true });
  try {
    await printed(child, SITE);
    await work();
  } finally {
    const ended = once(child, "exit");
    if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
    await ended;
  }
}

/** Resolves when the program has printed the text; it then answers. */
async function printed(child: ChildProcess, text: string): Promise<void> {
  const timer = setTimeout(
    () => child.stdout?.destroy(new Error(`npm start did not print ${text} in time`)),
    DEADLINE,
  );
  let output = "";
  for await (const chunk of child.stdout ?? []) {
    output += String(chunk);
    if (!output.includes(text)) continue;
    clearTimeout(timer);
    child.stdout?.resume();
    return;
  }
  throw new Error(`npm start ended early:\n${output}`);
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`Not so: ${what}.`);
}
