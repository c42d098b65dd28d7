# Part of ./dev: runs the test programs and adds up what they report. The counts are passed, failed and skipped.

# No test program takes this many seconds; one that does hangs, and counts as failed.
limit=${DROVER_TEST_LIMIT:-900}

bounded() {
  if command -v timeout >/dev/null; then timeout -k 20 "$limit" "$@"; else "$@"; fi
}

# Every test; the last line is 'N passed, N failed'. Two programs run at a time.
run_tests() {
  passed=0 failed=0 skipped=0
  if ! (build && wants_bubblewrap && needs_real_agent); then
    echo "the build failed"
    failed=1
    report
    return
  fi
  if [ $# != 0 ]; then
    for project in test/*/; do test_program "$(basename "$project")" "$@"; done
    report
    return
  fi
  rm -rf artifacts/test
  (check_format; check_web; test_web; test_program Drover.Server.Tests) &
  local first=$!
  (test_program Drover.Core.Tests; test_program Drover.Agents.Tests; test_program Drover.EndToEnd) &
  wait "$first" || true
  wait
  gather format web-check web-unit web-e2e Drover.Server.Tests Drover.Core.Tests Drover.Agents.Tests Drover.EndToEnd
  report
}

report() {
  local more=''
  [ "$skipped" = 0 ] || more=", $skipped skipped"
  echo "$passed passed, $failed failed$more"
  [ "$failed" = 0 ]
}

# What the programs that ran at the same time have counted; one that has left nothing has failed.
gather() {
  local name counts p f s
  passed=0 failed=0 skipped=0
  for name in "$@"; do
    counts=$(cat "artifacts/test/$name.counts" 2>/dev/null || echo "0 1 0")
    read -r p f s <<<"$counts"
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  done
}

# count NAME PASSED FAILED SKIPPED
count() {
  echo "$2 $3 $4" >"artifacts/test/$1.counts"
  passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
}

# Runs a command into its log, shows it in one piece without what servers under test log, and leaves the exit code in $code.
logged() {
  local name=$1 began=$SECONDS
  shift
  mkdir -p artifacts/test
  log=artifacts/test/$name.log code=0
  bounded "$@" >"$log" 2>&1 </dev/null || code=$?
  local text="== $name ($((SECONDS - began)) s)"
  [ "$code" != 124 ] || text="$text: it did not end within $limit seconds"
  { echo "$text"; grep -vE '^(xUnit.net v3|  (Discovering|Discovered|Starting|Finished): |[0-9]+ passed, [0-9]+ failed|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]+ (info|warn|fail): )' "$log" || true; } >"$log.shown"
  cat "$log.shown"
}

# A command that passes or fails as a whole.
whole() {
  logged "$@"
  if [ "$code" = 0 ]; then count "$1" 1 0 0; else count "$1" 0 1 0; fi
}

check_format() { whole format dotnet format whitespace --verify-no-changes --no-restore; }

check_web() {
  has_npm || { count web-check 0 0 1; return 0; }
  web_packages || true
  whole web-check npm --prefix web run --silent check
}

has_npm() { command -v npm >/dev/null || { echo "web: skipped, there is no npm here"; return 1; }; }

# The page's unit tests, and the page in a real browser.
test_web() {
  has_npm || { count web-unit 0 0 1; count web-e2e 0 0 1; return 0; }
  page_tests web-unit npm --prefix web run --silent test
  page_tests web-e2e npm --prefix web run --silent e2e
}

# A command that ends with 'N passed, N failed', or says why it was skipped.
page_tests() {
  logged "$@"
  local line
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1 || true)
  if [ "$code" = 0 ] && grep -q '^skipped: ' "$log"; then count "$1" 0 0 1
  elif [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed ]]; then tally "$1" "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" 0
  else count "$1" 0 1 0
  fi
}

# Counts; a program that says all is well and fails all the same has one failure.
tally() {
  if [ "$code" != 0 ] && [ "$3" = 0 ]; then count "$1" "$2" 1 "$4"; else count "$@"; fi
}

# One of the .NET test programs, with arguments that choose among its tests.
test_program() {
  local name=$1 line
  shift
  logged "$name" dotnet "artifacts/bin/$name/debug/$name.dll" -noColor "$@"
  line=$(grep -E '^ *'"$name"'  *Total: ' "$log" | tail -n 1 || true)
  if [[ $line =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+),\ Not\ Run:\ ([0-9]+) ]]; then
    local total=${BASH_REMATCH[1]} broken=$((BASH_REMATCH[2] + BASH_REMATCH[3])) left=${BASH_REMATCH[4]}
    tally "$name" $((total - BASH_REMATCH[3] - BASH_REMATCH[4] - BASH_REMATCH[5])) "$broken" "$left"
  else
    echo "$name gave no result"
    count "$name" 0 1 0
  fi
}
