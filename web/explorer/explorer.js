// The explorer: GraphiQL over our own endpoint, opened with tabs that work. Speaks to this server and nobody else.
"use strict";

const ROOT = document.getElementById("explorer");
const ENDPOINT = new URL("/graphql", location.href);
const SOCKET = new URL(ENDPOINT);
SOCKET.protocol = location.protocol === "https:" ? "wss:" : "ws:";

function fresh() {
  return Math.random().toString(36).slice(2, 10);
}

function headersFor(role, tokens) {
  if (role === null) return undefined;
  const token = tokens[role] ?? `<paste here what this prints: .venv/bin/python server.py token --role ${role}>`;
  return JSON.stringify({ authorization: `Bearer ${token}` }, null, 2);
}

function opened(tab, tokens) {
  return {
    query: tab.query,
    variables: tab.variables.replaceAll("NEW", fresh()),
    headers: headersFor(tab.role, tokens),
  };
}

// What is typed is kept per set of tabs and tokens: a demo that starts anew brings its own tokens, not yesterday's.
function storageFor(version) {
  const prefix = `explorer:${version}:`;
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith("explorer:") && !key.startsWith(prefix)) localStorage.removeItem(key);
  }
  const own = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  return {
    get length() {
      return own().length;
    },
    getItem: (key) => localStorage.getItem(prefix + key),
    setItem: (key, value) => localStorage.setItem(prefix + key, value),
    removeItem: (key) => localStorage.removeItem(prefix + key),
    clear: () => own().forEach((key) => localStorage.removeItem(key)),
  };
}

// GraphiQL fills its editors from storage, not from `defaultTabs`: the first tab's variables would be missing.
function remember(storage, first) {
  if (storage.getItem("graphiql:tabState") !== null) return;
  for (const part of ["query", "variables", "headers"]) {
    if (first[part] !== undefined) storage.setItem(`graphiql:${part}`, first[part]);
  }
}

function checksum(text) {
  let sum = 5381;
  for (let i = 0; i < text.length; i += 1) sum = (sum * 33 + text.charCodeAt(i)) >>> 0;
  return sum.toString(36);
}

async function read(name) {
  const answer = await fetch(name);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer.json();
}

function isSubscription({ operationName }, { documentAST } = {}) {
  return (documentAST?.definitions ?? []).some(
    (part) => part.operation === "subscription" && (!operationName || part.name?.value === operationName),
  );
}

// A socket whose token is refused is closed, and GraphiQL's client tries again for half a minute without a word: so whoever
// subscribes asks something by HTTP first, where the refusal is an answer.
function fetcher() {
  const ask = GraphiQL.createFetcher({ url: ENDPOINT.href, subscriptionUrl: SOCKET.href });
  return async (operation, options) => {
    if (isSubscription(operation, options)) {
      const headers = { "content-type": "application/json", ...options.headers };
      const answer = await fetch(ENDPOINT, { method: "POST", headers, body: '{"query": "{ __typename }"}' });
      if (!answer.ok) return answer.json();
    }
    return ask(operation, options);
  };
}

function Explorer({ tabs, tokens, version }) {
  const element = React.createElement;
  const defaultTabs = tabs.map((tab) => opened(tab, tokens));
  const storage = storageFor(version);
  remember(storage, defaultTabs[0]);
  const isDemo = Object.keys(tokens).length > 0;
  return element(
    GraphiQL,
    {
      fetcher: fetcher(),
      defaultTabs,
      defaultEditorToolsVisibility: "variables",
      storage,
      shouldPersistHeaders: isDemo, // a real token is nobody's to keep in a browser
    },
    element(GraphiQL.Logo, null, element("span", null, "Unified Commerce Graph")),
  );
}

async function open() {
  const [tabs, tokens] = await Promise.all([read("tabs.json"), read("tokens.json")]);
  const version = checksum(JSON.stringify([tabs, tokens]));
  ReactDOM.createRoot(ROOT).render(React.createElement(Explorer, { tabs, tokens, version }));
}

open().catch((error) => {
  ROOT.innerHTML = '<p class="note"></p>';
  ROOT.firstChild.textContent = `打不开浏览器界面。 The explorer could not open: ${error.message}`;
});
