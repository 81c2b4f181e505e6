# Shared by the scripts beside it: where the sources are, what they say, how they get packages. To be sourced by bash.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit

say() { printf '== %s\n' "$*" >&2; }
die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -- "$@"
  else
    die "Expected to be root or to have sudo, to install: $*"
  fi
}

# Those of the named packages that are not installed, one a line.
missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || printf '%s\n' "$package"
  done
}

apt_quiet() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o Acquire::Retries=3 "$@" </dev/null
}

# Installs what is missing; with old package lists the first attempt may fail, so the second has fresh ones.
install_packages() {
  local missing log
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  say "installing ${missing[*]}"
  log=$(mktemp)
  if ! apt_quiet install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1; then
    if ! { apt_quiet update && apt_quiet install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
      cat "$log" >&2
      rm -f "$log"
      die "Expected apt-get to install the packages named above, but it failed"
    fi
  fi
  rm -f "$log"
}

# Node.js 18 or newer with npm: what is there if it is new enough, else Debian's.
install_node() {
  local major
  major=$(node --version 2>/dev/null | sed -n 's/^v\([0-9]*\)\..*/\1/p') || true
  if [ "${major:-0}" -ge 18 ] && command -v npm >/dev/null; then return 0; fi
  install_packages nodejs npm
}

# The web console's parts, exactly as its lock file names them; nothing to do while neither that nor Node.js changes.
install_web_parts() {
  [ -f web/package.json ] || return 0
  install_node
  local stamp=web/node_modules/.installed-from now
  now="$(sha256sum web/package-lock.json | cut -d' ' -f1) $(node --version)"
  [ "$(cat "$stamp" 2>/dev/null)" = "$now" ] && return 0
  say "installing the web console's parts"
  # The tests use Debian's Chromium: no browser of its own for Playwright.
  # Not `npm ci`: it refuses a lock file that leaves out optional packages of other platforms; versions come from the
  # lock file all the same, and --no-save leaves it as it is.
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm install --no-save --prefix web --no-audit --no-fund --loglevel=error >&2
  printf '%s\n' "$now" >"$stamp"
}
