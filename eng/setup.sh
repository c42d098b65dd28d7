# Part of ./dev: what must be on the machine, and what is fetched.

# Ends with what to do when a program is missing.
needs() {
  local name
  for name in "$@"; do
    command -v "$name" >/dev/null && continue
    case "$name" in
      dotnet) echo "the .NET 10 SDK is needed: https://dotnet.microsoft.com/download/dotnet/10.0" >&2 ;;
      node) echo "Node 20 or newer is needed: https://nodejs.org" >&2 ;;
      *) echo "$name is needed" >&2 ;;
    esac
    exit 1
  done
  command -v dotnet >/dev/null && ! dotnet --version >/dev/null 2>&1 && { echo "the .NET SDK here is not the one that global.json asks for:" >&2; dotnet --version >&2 || exit 1; }
  wants libsqlite3-0 "SQLite's library" has_sqlite
}

# Installs a package by apt where that needs no password; else says what is missing and goes on.
wants() {
  local package=$1 what=$2 present=$3 as=''
  "$present" && return
  if [ "$(id -u)" != 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as='sudo -n'; else as=never; fi
  fi
  if [ "$as" != never ] && command -v apt-get >/dev/null; then
    echo "installing $package ($what) …" >&2
    # Without quotes: nothing, or sudo and its argument.
    { $as apt-get install -y -qq "$package" || { $as apt-get update -qq && $as apt-get install -y -qq "$package"; }; } >/dev/null 2>&1 && "$present" && return
  fi
  echo "$what is missing and could not be installed; going on without. To install it: sudo apt install $package" >&2
}

has_bubblewrap() { [ "$(uname)" != Linux ] || command -v bwrap >/dev/null; }

has_sqlite() {
  local found
  [ "$(uname)" = Linux ] || return 0
  for found in /usr/lib*/libsqlite3.so.0 /usr/lib/*/libsqlite3.so.0 /lib/*/libsqlite3.so.0; do [ ! -e "$found" ] || return 0; done
  # Not on the PATH of every user.
  PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null | grep libsqlite3.so.0 >/dev/null
}

wants_bubblewrap() { wants bubblewrap "bubblewrap, the agents' sandbox," has_bubblewrap; }

# The real agents, which some tests drive. Fetched before they run, so that none of them waits for npm.
needs_real_agent() {
  command -v npm >/dev/null || return 0
  eng/agents.sh claude codex gemini opencode pi >/dev/null || echo "a real agent could not be installed; the tests that drive it will fail" >&2
}

# Builds the page into web/dist, from where the server's build takes it, when anything of web/ has changed since the last time.
build_web() {
  command -v npm >/dev/null || { echo "no npm here: the server is built without its page (Node 20 makes it)"; return 0; }
  local stamp=artifacts/web.stamp sources
  sources=$(find web \( -name node_modules -o -name dist \) -prune -o -type f -print | LC_ALL=C sort | xargs cksum)
  [ -f web/dist/index.html ] && [ "$sources" = "$(cat "$stamp" 2>/dev/null)" ] && return 0
  web_packages && npm --prefix web run --silent build -- --logLevel warn || return 1
  mkdir -p artifacts
  echo "$sources" >"$stamp"
}

# The page's packages, exactly as the lock file names them.
web_packages() {
  local stamp=web/node_modules/.drover-lock
  cmp -s web/package-lock.json "$stamp" && return 0
  echo "installing the page's packages …" >&2
  (cd web && npm ci --loglevel error --no-audit --no-fund) >&2 || return 1
  cp web/package-lock.json "$stamp"
}
