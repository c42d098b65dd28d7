import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const found = () => places.find((place) => place && existsSync(place));

/** A browser of the system, installed by name where that is possible; or the reason why there is none. */
export async function startBrowser() {
  const executablePath = found() ?? install();
  if (!executablePath) return { browser: null, why: "there is no chromium here (CHROMIUM=/path names one)" };
  const args = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  if (process.getuid?.() === 0) args.push("--no-sandbox");
  return { browser: await chromium.launch({ executablePath, args }), why: null };
}

function install() {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return undefined;
  try {
    execFileSync("apt-get", ["update", "-q"], { stdio: "ignore" });
    execFileSync("apt-get", ["install", "-y", "-q", "chromium"], { stdio: "ignore" });
  } catch {
    return undefined;
  }

  return found();
}
