#!/usr/bin/env bash
# Installs a real agent CLI at the version that the tests are written for, and prints the path of its program.
#
#   eng/agents.sh claude
#
# It comes from npm by name, into a cache outside the repository: ${XDG_CACHE_HOME:-$HOME/.cache}/drover/agents/NAME-VERSION.
# A second call finds it there; calls at the same time wait for each other.
set -euo pipefail

# name: package, version, and where its program lies below node_modules. The install scripts of packages are not run: the program
# itself is shipped in a package per platform, of which npm installs the one that fits.
case "${1:-}" in
  claude) package=@anthropic-ai/claude-code version=2.1.197 program='@anthropic-ai/claude-code-*/claude' ;;
  *) echo "usage: eng/agents.sh claude" >&2; exit 64 ;;
esac

cache="${XDG_CACHE_HOME:-$HOME/.cache}/drover/agents"
target="$cache/$1-$version"

find_program() {
  local found
  # Several platform packages may have been installed (glibc and musl): the one that runs is the one.
  for found in "$1"/node_modules/$program; do
    if [ -x "$found" ] && "$found" --version >/dev/null 2>&1; then echo "$found"; return; fi
  done
  return 1
}

mkdir -p "$cache"
if command -v flock >/dev/null; then exec 9>"$target.lock"; flock 9; fi

if [ ! -e "$target/complete" ]; then
  command -v npm >/dev/null || { echo "npm is needed to install $package; install Node 20 or newer" >&2; exit 1; }
  fresh=$(mktemp -d "$cache/$1-$version.XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  npm install --prefix "$fresh" --ignore-scripts --no-audit --no-fund --loglevel=error "$package@$version" >&2
  find_program "$fresh" >/dev/null || { echo "$package@$version has no program that runs on this machine" >&2; exit 1; }
  touch "$fresh/complete"
  # Renamed when whole: whoever is killed in the middle leaves nothing that looks installed.
  rm -rf "$target"
  mv "$fresh" "$target"
  trap - EXIT
fi

find_program "$target"
