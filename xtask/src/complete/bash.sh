# Completion of `cargo xtask` for bash; other commands of cargo keep theirs. In ~/.bashrc:
#   source <(cargo xtask completions bash)

if ! complete -p cargo >/dev/null 2>&1; then
    # bash-completion loads the completion of cargo when it is first needed.
    if declare -F _comp_load >/dev/null; then _comp_load cargo >/dev/null 2>&1
    elif declare -F _completion_loader >/dev/null; then _completion_loader cargo >/dev/null 2>&1
    fi
fi
_cargo_xtask_other=$(complete -p cargo 2>/dev/null | sed -n 's/.*-F \([^ ]*\).*/\1/p')
[[ $_cargo_xtask_other == _cargo_xtask ]] && _cargo_xtask_other=

_cargo_xtask() {
    # bash also splits words at `@`, `:` and `=`, so the line is split here.
    local line=${COMP_LINE:0:COMP_POINT} words
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    local at=1
    while [[ ${words[at]} == [-+]?* ]]; do ((at++)); done
    if [[ ${words[at]} != xtask ]] || ((at >= ${#words[@]} - 1)); then
        [[ -n $_cargo_xtask_other ]] && "$_cargo_xtask_other" "$@"
        if ((at == ${#words[@]} - 1)) && [[ xtask == "${words[at]}"* && " ${COMPREPLY[*]} " != *" xtask "* ]]; then
            COMPREPLY+=(xtask)
        fi
        return
    fi
    local root=$PWD
    while [[ -n $root && ! -f $root/xtask/Cargo.toml ]]; do root=${root%/*}; done
    local program=${CARGO_TARGET_DIR:-$root/target}/debug/xtask
    [[ -n $root && -x $program ]] || program=PROGRAM
    [[ -x $program ]] || return
    local candidate kept=${words[-1]%"$2"}
    COMPREPLY=()
    while IFS=$'\t' read -r candidate _; do
        COMPREPLY+=("${candidate#"$kept"}")
    done < <(CARGO_MANIFEST_DIR=${root:+$root/xtask} "$program" complete -- "${words[@]:at+1}" 2>/dev/null)
}

complete -o default -o bashdefault -F _cargo_xtask cargo
