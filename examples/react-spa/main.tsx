import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { ADDRESSES, door } from "./door.ts";
import { usePrincipal } from "./use-principal.ts";

function App() {
  const principal = usePrincipal();
  if (principal === undefined) return <p>One moment …</p>;
  return principal === null ? <Stranger /> : <Orders name={principal.user.name ?? principal.user.id} />;
}

/** The page never sends anybody away by itself: what somebody was writing stays until they press the button. */
function Stranger() {
  return (
    <main>
      <h1>You are not signed in</h1>
      <button type="button" onClick={() => door.signIn()}>
        Sign in
      </button>
    </main>
  );
}

function Orders({ name }: { readonly name: string }) {
  const [answer, setAnswer] = useState("");
  const ask = async (address: string) => {
    const response = await door.fetch(address).catch((error: Error) => error);
    setAnswer(response instanceof Error ? response.message : await response.text());
  };
  const leave = async () => {
    const end = await door.signOut();
    // Where the provider knows how to end its own session, people may want to go there as well.
    if (end !== null) location.assign(end);
  };
  return (
    <main>
      <h1>Hello, {name}</h1>
      <button type="button" onClick={() => ask(ADDRESSES.me)}>
        Ask the back office
      </button>
      <button type="button" onClick={() => ask(ADDRESSES.orders)}>
        Ask the orders service
      </button>
      <button type="button" onClick={leave}>
        Sign out
      </button>
      <output>{answer}</output>
    </main>
  );
}

const root = document.getElementById("root");
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
