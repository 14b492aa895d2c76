// Fetches the page's libraries from npm and writes them, with their origin, to src/main/resources/web/vendor.
// Run by hand when a version changes: node vendor.mjs. The build needs neither node nor the network.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const libraries = [
  { name: "preact", version: "11.2.0", files: { "dist/preact.mjs": "preact.js", "hooks/dist/hooks.mjs": "preact-hooks.js" } },
  { name: "@preact/signals-core", version: "1.14.5", files: { "dist/signals-core.mjs": "signals-core.js" } },
  { name: "@preact/signals", version: "2.11.4", files: { "dist/signals.mjs": "signals.js" } },
  { name: "htm", version: "3.1.1", files: { "dist/htm.mjs": "htm.js" } },
];

// Browsers take bare names only from an import map, which would need inline script.
const names = { "preact": "./preact.js", "preact/hooks": "./preact-hooks.js", "@preact/signals-core": "./signals-core.js" };

const sha512 = (bytes) => createHash("sha512").update(bytes).digest("hex");
const target = new URL("src/main/resources/web/vendor/", import.meta.url).pathname;
mkdirSync(target, { recursive: true });

const record = [];
for (const library of libraries) {
  const folder = mkdtempSync(join(tmpdir(), "vendor-"));
  try {
    const archive = execFileSync("npm", ["pack", "--silent", `${library.name}@${library.version}`], { cwd: folder })
      .toString().trim().split("\n").at(-1);
    execFileSync("tar", ["xzf", archive], { cwd: folder });
    const about = JSON.parse(readFileSync(join(folder, "package/package.json"), "utf8"));
    const files = [];
    for (const [from, to] of Object.entries(library.files)) {
      const source = readFileSync(join(folder, "package", from), "utf8");
      const text = source
        .replace(/(from\s*|import\s*)"([^".][^"]*)"/g, (whole, before, name) => {
          if (!names[name]) throw new Error(`${library.name} imports ${name}, which is not vendored`);
          return `${before}"${names[name]}"`;
        })
        .replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
      writeFileSync(join(target, to), text);
      files.push({ file: to, from, sha512: sha512(text) });
    }
    const licence = `LICENSE-${library.name.replace(/[@/]/g, "")}.txt`;
    writeFileSync(join(target, licence), readFileSync(join(folder, "package/LICENSE")));
    record.push({
      name: library.name,
      version: about.version,
      licence: about.license,
      licence_file: licence,
      package_sha512: sha512(readFileSync(join(folder, archive))),
      files,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
writeFileSync(join(target, "vendor.json"), JSON.stringify(record, null, 2) + "\n");
