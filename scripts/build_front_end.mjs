// Builds app/web/static from app/web/assets: bundles with esbuild, Tabler cut down to what the pages use.
import { build } from "esbuild";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { trimmed } from "./trim_css.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const sources = path.join(root, "app/web/assets");
const out = path.join(root, "app/web/static");
// Read by the server when it writes a PDF; no address serves them.
const fonts = path.join(root, "app/web/fonts");
const faces = ["400Regular", "700Bold"].flatMap((weight) => ["TC", "SC"].map((script) => `noto-sans-${script.toLowerCase()}/${weight}/NotoSans${script}_${weight}.ttf`));
const tabler = path.join(root, "node_modules/@tabler/core/dist/css/tabler.min.css");
// Names of our own that Tabler uses for something else.
const ours = ["page", "steps", "empty", "note", "icon", "figure", "list", "rows", "head", "brand", "menu", "find", "main", "frame", "tabs", "sheet", "stack", "soft", "code", "due", "lead"];
// Classes that scripts or libraries put on elements, so that no template names them.
const alwaysUsed = ["is-invalid", "show", "collapsed", "active", "disabled"];

for (const folder of [out, fonts]) {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}
await Promise.all([bundles(), styles(), copies()]);
await report();

async function bundles() {
  await build({
    absWorkingDir: root,
    entryPoints: {
      houtai: path.join(sources, "houtai.js"),
      diagram: path.join(sources, "diagram.js"),
    },
    outdir: out,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    legalComments: "none",
    logLevel: "warning",
  });
}

async function styles() {
  const words = await wordsOf(path.join(root, "app/web"), [".html", ".js", ".py"]);
  alwaysUsed.forEach((word) => words.add(word));
  ours.forEach((word) => words.delete(word));
  const base = trimmed(await readFile(tabler, "utf8"), words);
  const own = await minified(path.join(sources, "houtai.css"));
  await writeFile(path.join(out, "houtai.css"), base + own);
  await writeFile(path.join(out, "diagram.css"), await minified(path.join(sources, "diagram.css")));
}

async function minified(file) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [file],
    bundle: true,
    minify: true,
    write: false,
    legalComments: "none",
    loader: { ".woff": "empty", ".woff2": "empty", ".ttf": "empty", ".eot": "empty", ".svg": "empty" },
  });
  return result.outputFiles[0].text;
}

async function copies() {
  await copyFile(path.join(sources, "icons.svg"), path.join(out, "icons.svg"));
  await copyFile(path.join(sources, "mark.svg"), path.join(out, "mark.svg"));
  await Promise.all(faces.map((face) => copyFile(path.join(root, "node_modules/@expo-google-fonts", face), path.join(fonts, path.basename(face)))));
}

async function wordsOf(folder, kinds) {
  const words = new Set();
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isFile() || file.startsWith(out) || !kinds.includes(path.extname(file))) continue;
    for (const word of (await readFile(file, "utf8")).match(/[\w-]+/g) ?? []) words.add(word);
  }
  return words;
}

async function report() {
  for (const name of (await readdir(out)).sort()) {
    const bytes = await readFile(path.join(out, name));
    const packed = gzipSync(bytes).length;
    console.log(`${name.padEnd(14)} ${(bytes.length / 1000).toFixed(1)} kB, ${(packed / 1000).toFixed(1)} kB gzip`);
  }
}
