# The keeper of one job: owns the agent's input and output and outlives the server. Runs in the job's directory.
#   $1  PATH for the keeper's own tools; the agent's PATH may lead into directories that agents write
#   $2  the agent's working directory
#   $3  the job's cgroup, or nothing
#   $4  path of setsid, or nothing
#   $5  1 when the launcher made this process adopt the orphans below it
#   the rest is the agent's command. The environment is the agent's: names here start with _k_ and are not exported.
set -f
_k_agent_path=$PATH _k_cwd=$2 _k_cgroup=$3 _k_setsid=$4 _k_reaper=$5 _k_umask=$(umask) _k_dir=$PWD
PATH=$1
shift 5
umask 077
# Caught, not ignored: what a shell ignores stays ignored in the agent.
trap : HUP INT QUIT TERM

# A job that was stopped never starts again, however late its keeper comes.
[ ! -e stop ] || exit 0

# The first act decides who keeps the job: a second keeper gives up.
mkdir started || exit 0

# Sets _k_s to the start time of process $1: field 22 of its stat, counted after the name, which may hold anything.
_k_start() {
  _k_s=
  IFS= read -r _k_s 2>/dev/null <"/proc/$1/stat" || return 1
  _k_s=${_k_s##*) }
  set -- $_k_s
  _k_s=${20}
}

# Nothing of the agent has run yet: undone like this, the job can be started again.
_k_undo() {
  [ -z "$_k_pump" ] || kill -9 "$_k_pump"
  rm -rf started exit
  exit 125
}

_k_pump=
# The room for the exit code is taken now, so that a full disk cannot lose it.
echo '      ' >exit || _k_undo
# Opened in an order that never blocks; the pump has its end before the agent can read an end of file.
exec 3<>stdin 4<stdin 5>stdin 3>&-
tail -c +1 -s 0.05 -f in >&5 2>/dev/null 4<&- 5>&- &
_k_pump=$!
exec 5>&-
_k_start "$_k_pump"
_k_pump_start=$_k_s
# Where the kernel does not list children, the keeper cannot wait for those it adopted.
IFS= read -r _k_s 2>/dev/null <"/proc/$$/task/$$/children"
[ -n "$_k_s" ] || _k_reaper=0
IFS= read -r _k_boot </proc/sys/kernel/random/boot_id && _k_start $$ || _k_undo
# One short line in one write: a reader takes it only with its line feed.
echo "$$ $_k_s $_k_boot $_k_pump $_k_pump_start $_k_reaper" >started/identity || _k_undo
# Tells the launcher that the identity stands.
exec </dev/null >/dev/null 2>&1

# In the foreground: a background child of a shell starts with SIGINT ignored.
(
  # The agent alone is in the cgroup: the keeper outlives the end of it and leaves the exit code.
  [ -z "$_k_cgroup" ] || echo 0 >"$_k_cgroup/cgroup.procs" || exit 126
  umask "$_k_umask"
  cd "$_k_cwd" || exit 126
  unset OLDPWD
  PATH=$_k_agent_path
  # The stopper leaves its mark before it searches: it finds this process, or this process finds the mark.
  [ ! -e "$_k_dir/stop" ] || exit 143
  # In a session of its own: the "kill 0" of an agent's script is for its own group, not for the pump.
  [ -z "$_k_setsid" ] || exec "$_k_setsid" "$@"
  exec "$@"
) <&4 4<&- >>out 2>>err
_k_code=$?

# One write by the shell itself: a program started for it could be taken for one of the agent's and be killed.
printf '%-6s\n' "$_k_code" 1<>exit
# Not by TERM: a pump that has not yet become its program takes that for this shell's, and lives on.
_k_start "$_k_pump" && [ "$_k_s" = "$_k_pump_start" ] && kill -9 "$_k_pump"
wait
# Whoever the agent left behind stays below this process until it ends or is ended, so that no one escapes the search.
[ "$_k_reaper" = 1 ] || exit 0
while :; do
  _k_s=
  IFS= read -r _k_s 2>/dev/null <"/proc/$$/task/$$/children"
  [ -n "$_k_s" ] || break
  sleep 0.2
done
: >started/alone
