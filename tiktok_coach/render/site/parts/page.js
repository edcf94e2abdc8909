"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const by = new Map(data.posts.map((post) => [post.id, post]));
  const get = (id) => document.getElementById(id);
  const SIZE = 25;
  const lang = document.documentElement.lang;
  // A text in the page's language, with its places filled in.
  const _ = (text, places = {}) => (data.words[text] || text).replace(/\{(\w+)\}/g, (all, name) => (name in places ? places[name] : all));
  const number = (value) => (value === null || value === undefined ? "–" : value.toLocaleString(lang));
  const tenth = (value) => value.toLocaleString(lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  // A score with the band in which it could lie.
  const banded = ([score, low, high]) => (score === null ? "–" : `${Math.round(score)} (${Math.round(low)}–${Math.round(high)})`);
  const percent = (value, digits = 0) => (value === null || value === undefined ? "–" : value.toLocaleString(lang, { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits }));
  // A factor on views as what it adds: 1.05 is 5% more.
  const gain = (factor, signDisplay = "auto") => (factor - 1).toLocaleString(lang, { style: "percent", signDisplay });
  function moment(when) {
    if (lang === "en" || !when) return when;
    const [day, hour] = when.split(" ");
    const at = new Date(day + "T" + (hour || "00:00") + ":00Z");
    return at.toLocaleString(lang, { timeZone: "UTC", dateStyle: "medium", ...(hour ? { timeStyle: "short" } : {}) });
  }
  const rate = (part, whole) => (part === null || part === undefined || !whole || part > whole ? null : part / whole);
  // On a narrow window what is called `more` is left to the post's own page.
  const ALL = [
    { key: "when", title: _("Posted"), text: (p) => moment(p.when.slice(0, 10)) || "–" },
    { key: "caption", title: _("Caption"), link: true },
    { key: "views", title: _("Views"), n: true, text: (p) => number(p.views) },
    { key: "likes", title: _("Likes per view"), n: true, more: true, value: (p) => rate(p.likes, p.views), text: (p) => percent(rate(p.likes, p.views), 1) },
    { key: "score", title: _("Follows the tips"), n: true, more: true, text: (p) => (p.score === null ? "–" : percent(p.score / 100)) },
    { key: "outlook", title: _("Still growing?"), n: true, more: true, value: (p) => (p.outlook ? p.outlook[0] : null), text: (p) => (p.outlook ? gain(p.outlook[0], "exceptZero") : "–") },
  ];
  // A column of which nothing is known is left out.
  const COLUMNS = ALL.filter((column) => !column.more || data.posts.some((post) => column.text(post) !== "–"));
  for (const post of data.posts) post.search = (post.caption + " " + post.id).toLowerCase();
  const state = { sort: "when", down: true, page: 0 };

  // Texts are set as texts alone: nothing of a caption is ever read as markup.
  function made(name, text, attributes = {}) {
    const node = document.createElement(name);
    if (text !== undefined && text !== null) node.textContent = text;
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  }

  function chosen() {
    const q = get("q").value.trim().toLowerCase(), tip = get("tip").value, status = get("status").value;
    const from = get("from").value, to = get("to").value;
    const place = tip ? data.tips.indexOf(Number(tip)) : -1;
    return data.posts.filter((post) => {
      if (q && !post.search.includes(q)) return false;
      const day = post.when.slice(0, 10);
      if ((from && (!day || day < from)) || (to && (!day || day > to))) return false;
      if (status === "x") return !post.eligible;
      if (!status) return true;
      return place < 0 ? post.tips.includes(status) : post.tips[place] === status;
    });
  }
  function sorted(posts) {
    const column = COLUMNS.find((c) => c.key === state.sort);
    const value = column.value || ((post) => post[column.key]);
    const sign = state.down ? -1 : 1;
    return posts
      .map((post) => [value(post), post])
      .sort(([a], [b]) => {
        const none = (x) => x === null || x === undefined || x === "";
        if (none(a) || none(b)) return none(a) - none(b);
        return a < b ? -sign : a > b ? sign : 0;
      })
      .map(([, post]) => post);
  }

  const looks = (column) => [column.n && "n", column.more && "more"].filter(Boolean).join(" ");
  function head() {
    const row = made("tr");
    for (const column of COLUMNS) {
      const cell = made("th", null, { scope: "col", class: looks(column) });
      if (state.sort === column.key) cell.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      const button = made("button", column.title, { type: "button", "data-key": column.key });
      button.addEventListener("click", () => {
        state.down = state.sort === column.key ? !state.down : column.key !== "caption";
        state.sort = column.key;
        state.page = 0;
        show();
        get("table").querySelector(`[data-key="${column.key}"]`).focus();
      });
      cell.append(button);
      row.append(cell);
    }
    const top = made("thead");
    top.append(row);
    return top;
  }
  function show() {
    const start = performance.now();
    const posts = sorted(chosen());
    const pages = Math.max(Math.ceil(posts.length / SIZE), 1);
    state.page = Math.min(state.page, pages - 1);
    const body = made("tbody");
    for (const post of posts.slice(state.page * SIZE, (state.page + 1) * SIZE)) {
      const row = made("tr");
      for (const column of COLUMNS) {
        if (column.link) {
          const cell = made("th", null, { scope: "row", class: "caption" });
          const short = post.caption.length > 90 ? post.caption.slice(0, 89) + "…" : post.caption;
          cell.append(made("a", short || post.id, { href: "#post=" + encodeURIComponent(post.id) }));
          row.append(cell);
        } else row.append(made("td", column.text(post), { class: looks(column), "data-head": column.title.toLocaleLowerCase(lang) }));
      }
      body.append(row);
    }
    get("table").replaceChildren(made("caption", _("Posts, as chosen above"), { class: "hidden" }), head(), body);
    const counts = { count: number(posts.length), all: number(data.posts.length) }, shown = posts.length === data.posts.length ? _("{count} posts", counts) : _("{count} of {all} posts", counts);
    get("count").textContent = posts.length === 0 ? _("no posts") : data.posts.length === 1 ? _("one post") : shown;
    get("page").textContent = _("Page {page} of {pages}", { page: state.page + 1, pages });
    get("back").disabled = state.page === 0;
    get("next-page").disabled = state.page >= pages - 1;
    document.querySelector(".pages").hidden = pages === 1;
    get("table").dataset.took = (performance.now() - start).toFixed(1);
  }

  function waterfall(post) {
    // The base is where every post begins: the signals move a post from there.
    const base = post.parts.filter(([code]) => data.signals[code] === "base").reduce((sum, [, size]) => sum + size, 0);
    const parts = post.parts.filter(([code, size]) => data.signals[code] !== "base" && Math.abs(size) >= 0.05);
    parts.sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])).splice(12);
    let at = base;
    const steps = parts.map(([code, size]) => ({ name: data.signals[code], size, from: at, to: (at += size) }));
    const rest = post.signal[0] - at;
    if (Math.abs(rest) > 0.05) steps.push({ name: _("all others"), size: rest, from: at, to: post.signal[0] });
    const low = Math.min(base - 5, ...steps.map((s) => s.to)), high = Math.max(base + 5, ...steps.map((s) => s.to));
    const share = (value) => ((100 * value) / (high - low)).toFixed(1) + "%";
    const list = made("ul", null, { class: "fall" });
    for (const { name, size, from, to } of steps) {
      const item = made("li"), track = made("span", null, { class: size < 0 ? "track minus" : "track", "aria-hidden": "true" });
      track.append(made("span", null, { style: `--from: ${share(Math.min(from, to) - low)}; --wide: ${share(Math.abs(size))}` }));
      item.append(made("span", name), track, made("span", (size < 0 ? "−" : "+") + tenth(Math.abs(size)), { class: "n" }));
      list.append(item);
    }
    return list;
  }
  function detail(post) {
    const body = get("post-body");
    body.replaceChildren(made("h2", post.caption || post.id, { id: "post-title" }));
    const facts = made("dl");
    const say = (name, value) => value !== "–" && value !== "" && facts.append(made("dt", name), made("dd", value));
    say(_("Posted"), moment(post.when));
    for (const [key, name] of [["views", _("Views")], ["likes", _("Likes")], ["comments", _("Comments")], ["shares", _("Shares")], ["saves", _("Saves")]]) say(name, number(post[key]));
    if (post.duration_s !== undefined) say(_("Length"), post.duration_s === null ? "–" : number(post.duration_s) + " s");
    if (post.average_watch_time_s !== undefined) say(_("Average watch time"), post.average_watch_time_s === null ? "–" : number(post.average_watch_time_s) + " s");
    if (post.completion_rate !== undefined) say(_("Completion"), percent(post.completion_rate));
    say(_("Follows the tips"), post.score === null ? _("not known") : _("{score} of 100, {share} known", { score: Math.round(post.score), share: percent(post.coverage) }));
    if (post.signal[0] !== null) say(_("Simulated score"), _("{score}, {share} known", { score: banded(post.signal), share: percent(post.signal[3]) }));
    if (post.outlook) say(_("Still growing?"), _("{growth} more views expected within {days} days ({low}–{high})", { growth: gain(post.outlook[0]), days: post.outlook[3], low: gain(post.outlook[1]), high: gain(post.outlook[2]) }));
    if (!post.eligible) say(_("May not be recommended"), post.reasons);
    body.append(facts);
    if (post.link) body.append(made("p")), body.lastChild.append(made("a", _("See it on TikTok"), { href: post.link, rel: "noreferrer noopener" }));
    if (post.parts.length) body.append(made("h3", _("What moves the simulated score")), made("p", _("In points, from where every post begins."), { class: "how" }), waterfall(post));
    if (post.fails.length) {
      body.append(made("h3", _("What could be better")));
      const list = made("ul");
      for (const [rule, text] of post.fails) {
        const item = made("li", data.texts[text] + " ");
        item.append(made("span", data.rules[rule], { class: "code" }));
        list.append(item);
      }
      body.append(list);
    }
  }

  function route() {
    const found = /^#post=(.+)$/.exec(location.hash);
    let post;
    try { post = found && by.get(decodeURIComponent(found[1])); } catch { post = undefined; }
    const dialog = get("post");
    if (!post) { if (dialog.open) dialog.close(); return; }
    detail(post);
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
  }
  get("post").addEventListener("close", () => {
    if (location.hash.startsWith("#post=")) history.replaceState(null, "", location.pathname + location.search);
  });
  document.addEventListener("click", (event) => {
    const id = event.target.dataset && event.target.dataset.post;
    if (id) location.hash = "post=" + encodeURIComponent(id);
  });
  const filters = get("filters");
  filters.addEventListener("input", () => { state.page = 0; show(); });
  filters.addEventListener("submit", (event) => event.preventDefault());
  filters.addEventListener("reset", () => setTimeout(() => { state.page = 0; show(); }));
  get("back").addEventListener("click", () => { state.page -= 1; show(); });
  get("next-page").addEventListener("click", () => { state.page += 1; show(); });
  addEventListener("hashchange", route);
  filters.hidden = false;
  show();
  route();
})();
