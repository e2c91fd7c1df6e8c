# Shared by the four scripts: the virtual environment, the locked dependencies, the built front end.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export UV_PYTHON_DOWNLOADS=never PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '%s\n' "$*" >&2; }
fail() { say "madoguchi: $*"; exit 1; }

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
    [ -n "$candidate" ] || continue
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$candidate"
      return
    fi
  done
  fail "Python 3.11 以上が見つかりません。インストールしてから、もう一度実行してください。 (Python 3.11 or newer is missing.)"
}

need_node() {
  command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 ||
    fail "Node.js 20 以上が見つかりません。インストールしてから、もう一度実行してください。 (Node.js 20 or newer is missing.)"
  node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' ||
    fail "Node.js $(node --version) は古すぎます。20 以上にしてください。 (Node.js 20 or newer is needed.)"
}

digest_of() { cat "$@" 2>/dev/null | sha256sum | cut -c1-64; }

# A stamp is written only after the step it vouches for has ended well, so a run cut off half-way is done again.
stamped() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

prepare_python() { # run | dev
  local python want stamp=.venv/.madoguchi-$1
  want="$(digest_of "requirements/$1.txt" pyproject.toml)"
  stamped "$stamp" "$want" && [ -x .venv/bin/python ] && return
  python="$(find_python)"
  if ! .venv/bin/python -c '' 2>/dev/null; then
    rm -rf .venv
    "$python" -m venv .venv >/dev/null 2>&1 || {
      rm -rf .venv
      fail "Python の venv が使えません（Debian・Ubuntu では python3-venv を入れてください）。 (python3-venv is missing.)"
    }
  fi
  say "Python の部品を用意しています … (installing locked Python packages)"
  .venv/bin/python -c 'import pip' 2>/dev/null || .venv/bin/python -m ensurepip >/dev/null
  .venv/bin/python -c 'import uv' 2>/dev/null || .venv/bin/python -m pip install -q uv 2>/dev/null ||
    fail "uv を取り込めませんでした。ネットワークを確かめて、もう一度実行してください。 (pip install uv failed.)"
  # dev holds everything of run; removing what the other list lacks would make the two scripts undo each other.
  .venv/bin/python -m uv pip install -q --python .venv/bin/python --require-hashes -r "requirements/$1.txt" ||
    fail "Python の部品を用意できませんでした。ネットワークを確かめて、もう一度実行してください。 (Installing packages failed.)"
  .venv/bin/python -m uv pip install -q --python .venv/bin/python --no-deps -e . ||
    fail "madoguchi を仮想環境に入れられませんでした。 (Installing the package failed.)"
  printf '%s' "$want" >"$stamp"
}

prepare_frontend() {
  local want stamp=src/madoguchi/site/static/build/.stamp
  want="$(digest_of package.json package-lock.json $(git ls-files frontend 2>/dev/null || find frontend -type f | sort))"
  stamped "$stamp" "$want" && return
  need_node
  say "画面の部品を組み立てています … (building the front end)"
  npm ci --silent --no-audit --no-fund >&2 ||
    fail "画面の部品を取り込めませんでした。ネットワークを確かめて、もう一度実行してください。 (npm ci failed.)"
  if ! npm run --silent build >node_modules/.build.log 2>&1; then
    cat node_modules/.build.log >&2
    fail "画面の部品を組み立てられませんでした。 (npm run build failed.)"
  fi
  printf '%s' "$want" >"$stamp"
}

prepare_translations() {
  .venv/bin/python -m madoguchi.site.translations compile >/dev/null
}
