# The part of CodeBuild's agent that runs the commands of a buildspec. `run.rs` appends the commands. All of them run in
# this shell, so that `cd` and `export` persist. The result of each phase is written to file descriptor 9.
export CODEBUILD_BUILD_SUCCEEDING=1
_next=all
_phase=

_result() {
  printf 'phase %s %s %s\n' "$1" "$2" "$(($(date +%s) - _start))" >&9
}

# A command may exit the shell.
trap '[ -z "$_phase" ] || _result "$_phase" FAILED' EXIT

# After a failed phase nothing runs, except post_build after a failed build.
_may_begin() {
  [ $_next = all ] || [ $_next = "$1" ]
}

_enter() {
  _phase=$1 _start=$(date +%s) _failed=0
  echo "[Container] Entering phase $1"
}

_announce() {
  printf '[Container] Running command %s\n' "$1"
}

_ended() {
  [ "$1" = 0 ] || {
    _failed=1
    echo "[Container] Command did not exit successfully, exit status $1"
  }
}

# Arguments: the phase, and what runs next if it failed: `all`, `POST_BUILD` or `none`.
_leave() {
  _phase=
  if [ $_failed = 0 ]; then
    _state=SUCCEEDED
  else
    _state=FAILED _next=$2
    export CODEBUILD_BUILD_SUCCEEDING=0
  fi
  echo "[Container] Phase complete: $1 State: $_state"
  _result "$1" $_state
}
