#!/usr/bin/env bash
# Installs real agent CLIs at the versions that the tests are written for, and prints the path of each one's program.
#
#   eng/agents.sh claude [codex gemini opencode pi …]
#
# They come from npm by name, into a cache outside the repository: ${XDG_CACHE_HOME:-$HOME/.cache}/drover/agents/NAME-VERSION.
# A second call finds them there; calls at the same time wait for each other.
set -euo pipefail

# name: package, version, and where its program lies below node_modules. The install scripts of packages are not run: a native program
# is shipped in a package per platform, of which npm installs the one that fits; it is started directly and not through its wrapper,
# since a wrapper can die alone.
describe() {
  case "$1" in
    claude) package=@anthropic-ai/claude-code version=2.1.197 program='@anthropic-ai/claude-code-*/claude' ;;
    codex) package=@openai/codex version=0.169.0 program='@openai/codex-*/vendor/*/bin/codex' ;;
    gemini) package=@google/gemini-cli version=0.61.0 program='.bin/gemini' ;;
    opencode) package=opencode-ai version=1.18.33 program='opencode-*/bin/opencode' ;;
    pi) package=@earendil-works/pi-coding-agent version=0.74.2 program='.bin/pi' ;;
    qwen) package=@qwen-code/qwen-code version=0.15.10 program='.bin/qwen' ;;
    claude-agent-acp) package=@agentclientprotocol/claude-agent-acp version=0.49.0 program='.bin/claude-agent-acp' ;;
    *) echo "eng/agents.sh installs claude, codex, gemini, opencode, pi, qwen and claude-agent-acp, not '$1'" >&2; exit 64 ;;
  esac
}

cache="${XDG_CACHE_HOME:-$HOME/.cache}/drover/agents"

find_program() {
  local found
  # Several platform packages may have been installed (glibc and musl): the one that runs is the one.
  for found in "$1"/node_modules/$program; do
    if [ -x "$found" ] && runs "$found"; then echo "$found"; return; fi
  done
  return 1
}

# An adapter that speaks only its protocol may not know --version; it is there when it can be started at all.
runs() {
  case "$1" in
    *-acp) true ;;
    *) "$1" --version >/dev/null 2>&1 ;;
  esac
}

install() {
  local target=$cache/$1-$version fresh
  mkdir -p "$cache"
  if command -v flock >/dev/null; then exec 9>"$target.lock"; flock 9; fi
  if [ ! -e "$target/complete" ]; then
    command -v npm >/dev/null || { echo "npm is needed to install $package; install Node 20 or newer" >&2; exit 1; }
    fresh=$(mktemp -d "$cache/$1-$version.XXXXXX")
    trap 'rm -rf "$fresh"' EXIT
    npm install --prefix "$fresh" --ignore-scripts --no-audit --no-fund --loglevel=error "$package@$version" >&2
    find_program "$fresh" >"$fresh/program" || { echo "$package@$version has no program that runs on this machine" >&2; exit 1; }
    # Relative, since the directory is renamed when it is whole: whoever is killed in the middle leaves nothing that looks installed.
    sed -i.bak "s|^$fresh/||" "$fresh/program" && rm "$fresh/program.bak"
    touch "$fresh/complete"
    rm -rf "$target"
    mv "$fresh" "$target"
    trap - EXIT
  fi
  # What was found once is not started again to be asked for its version: for a CLI on Node that takes seconds.
  if [ -s "$target/program" ]; then echo "$target/$(cat "$target/program")"; else find_program "$target"; fi
}

[ $# != 0 ] || describe ''
for name in "$@"; do
  describe "$name"
  (install "$name")
done
