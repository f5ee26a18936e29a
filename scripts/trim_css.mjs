// Keeps of a stylesheet only the rules whose classes occur in the pages, and the variables they read.

export function trimmed(css, words) {
  const kept = keptRules(parsed(css.replace(/^@charset[^;]*;/, "").replace(/\/\*[^]*?\*\//g, "")), words);
  const text = kept.map(written).join("");
  return withoutUnreadVariables(kept, text);
}

function parsed(css) {
  const rules = [];
  let at = 0;
  while (at < css.length) {
    const open = css.indexOf("{", at);
    if (open < 0) break;
    const statementEnd = css.indexOf(";", at);
    if (statementEnd >= 0 && statementEnd < open) { at = statementEnd + 1; continue; }
    const close = closing(css, open);
    const head = css.slice(at, open).trim();
    const body = css.slice(open + 1, close);
    rules.push(/^@(media|supports|layer|container)/.test(head) ? { head, rules: parsed(body) } : { head, body });
    at = close + 1;
  }
  return rules;
}

function closing(css, open) {
  let depth = 0;
  let quote = "";
  for (let i = open; i < css.length; i += 1) {
    const c = css[i];
    if (quote) { if (c === "\\") i += 1; else if (c === quote) quote = ""; continue; }
    if (c === '"' || c === "'") quote = c;
    else if (c === "{") depth += 1;
    else if (c === "}" && --depth === 0) return i;
  }
  return css.length;
}

function keptRules(rules, words) {
  return rules.flatMap((rule) => {
    if (rule.rules) {
      const inner = keptRules(rule.rules, words);
      return inner.length ? [{ head: rule.head, rules: inner }] : [];
    }
    if (rule.head.startsWith("@")) return [];
    const head = selectors(rule.head).filter((one) => isUsed(one, words)).join(",");
    return head ? [{ head, body: rule.body }] : [];
  });
}

function selectors(head) {
  const parts = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < head.length; i += 1) {
    if ("([".includes(head[i])) depth += 1;
    else if (")]".includes(head[i])) depth -= 1;
    else if (head[i] === "," && depth === 0) { parts.push(head.slice(from, i)); from = i + 1; }
  }
  return [...parts, head.slice(from)];
}

function isUsed(selector, words) {
  const positive = selector.replace(/:not\([^)]*\)/g, "");
  if (/data-bs-theme|\[dir|:popover|\[data-bs/.test(positive)) return false;
  const classes = [...positive.matchAll(/\.((?:\\.|[\w-])+)/g)].map((m) => m[1].replace(/\\/g, ""));
  return classes.every((name) => words.has(name));
}

function written(rule) {
  return rule.rules ? `${rule.head}{${rule.rules.map(written).join("")}}` : `${rule.head}{${rule.body}}`;
}

function withoutUnreadVariables(rules, text) {
  const read = new Set([...text.matchAll(/var\((--[\w-]+)/g)].map((m) => m[1]));
  const slim = (rule) => rule.rules
    ? { head: rule.head, rules: rule.rules.map(slim).filter((r) => r.rules?.length || r.body) }
    : { head: rule.head, body: declarations(rule.body).filter((d) => !d.startsWith("--") || read.has(d.split(":")[0])).join(";") };
  const lean = rules.map(slim).filter((r) => r.rules?.length || r.body);
  const next = lean.map(written).join("");
  return next.length < text.length ? withoutUnreadVariables(lean, next) : next;
}

function declarations(body) {
  const parts = [];
  let depth = 0;
  let quote = "";
  let from = 0;
  for (let i = 0; i < body.length; i += 1) {
    const c = body[i];
    if (quote) { if (c === quote) quote = ""; continue; }
    if (c === '"' || c === "'") quote = c;
    else if (c === "(") depth += 1;
    else if (c === ")") depth -= 1;
    else if (c === ";" && depth === 0) { parts.push(body.slice(from, i).trim()); from = i + 1; }
  }
  return [...parts, body.slice(from).trim()].filter(Boolean);
}
