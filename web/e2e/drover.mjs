import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = resolve(fileURLToPath(import.meta.url), "../../..");
const program = (name, file) => join(root, "artifacts/bin", name, "debug", file);
const cli = program("Drover.Cli", "drover.dll");

/** The scripted agent's command line without its options. */
export const rehearsal = [
  "dotnet",
  program("Drover.Rehearsal", "drover-rehearsal.dll"),
  "agent",
  "--protocol",
  "stream-json",
];

/** The built programs on a home and a repository of their own. */
export class Drover {
  constructor() {
    if (!existsSync(cli)) throw new Error(`${cli} is not built; ./dev build makes it`);
    this.place = mkdtempSync(join(tmpdir(), "drover-web-"));
    this.repository = join(this.place, "sample");
    mkdirSync(this.repository);
    this.env = {
      ...process.env,
      DROVER_HOME: join(this.place, "home"),
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_NAME: "Ada",
      GIT_AUTHOR_EMAIL: "ada@example.com",
      GIT_COMMITTER_NAME: "Ada",
      GIT_COMMITTER_EMAIL: "ada@example.com",
    };
  }

  git(...args) {
    return execFileSync("git", args, { cwd: this.repository, env: this.env, encoding: "utf8" });
  }

  /** What the command prints; a failure throws with what it said. */
  async call(...args) {
    try {
      return (await run("dotnet", [cli, ...args], { cwd: this.repository, env: this.env, encoding: "utf8" })).stdout;
    } catch (e) {
      throw new Error(`drover ${args.join(" ")}: ${e.stderr || e.message}`);
    }
  }

  async json(...args) {
    return JSON.parse(await this.call(...args, "--json"));
  }

  async link() {
    return (await this.call("open")).trim();
  }

  async dispose() {
    await this.call("down").catch(() => undefined);
    rmSync(this.place, { recursive: true, force: true, maxRetries: 5 });
  }
}
