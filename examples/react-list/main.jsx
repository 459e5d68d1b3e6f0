import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { createPresenceClient, lastInputSecondsAt, localStorageStore, statusAt } from 'rollcall/client';
import { PresenceProvider, usePresence, usePresenceState, useServerNow } from 'rollcall/react';

const hasPerson = ({ mode }) => mode !== 'gateway';

/** Renders again when a row of the list changes, and each second for the ages; nothing else of the roster matters to it. */
function Instances() {
  const instances = usePresence({ filter: hasPerson });
  const now = useServerNow();
  return (
    <ul>
      {instances.map((instance) => (
        <li key={instance.key}>
          {instance.host}: {statusAt(instance, now)}
          <LastInput seconds={lastInputSecondsAt(instance, now)} />
        </li>
      ))}
    </ul>
  );
}

function LastInput({ seconds }) {
  return seconds === undefined ? null : <span>, last input {seconds} s ago</span>;
}

/** Renders again only when the connection changes. */
function Connection() {
  const { phase, reason, whatToDo } = usePresenceState();
  return (
    <p role="status">
      {phase} {reason} {whatToDo}
    </p>
  );
}

function App() {
  const [client, setClient] = useState();
  const connect = (data) => {
    const made = createPresenceClient({
      url: location.hash.slice(1) || 'ws://127.0.0.1:18789',
      token: data.get('token'),
      client: { mode: 'webchat', displayName: 'React list' },
      store: localStorageStore('react-list.'),
    });
    made.start();
    setClient(made);
  };
  if (client === undefined) {
    return (
      <form action={connect}>
        <input name="token" type="password" aria-label="Token" autoComplete="off" />
        <button type="submit">Connect</button>
      </form>
    );
  }
  return (
    <PresenceProvider client={client}>
      <Connection />
      <Instances />
    </PresenceProvider>
  );
}

createRoot(document.getElementById('root')).render(<App />);
