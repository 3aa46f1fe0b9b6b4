# Completion of `cargo xtask` for zsh; other commands of cargo keep theirs. In ~/.zshrc, after compinit:
#   source <(cargo xtask completions zsh)

if [[ -z $_cargo_xtask_other && $_comps[cargo] != _cargo_xtask ]]; then
    typeset -g _cargo_xtask_other=$_comps[cargo]
fi

_cargo_xtask() {
    local -i at=2
    while [[ $words[at] == [-+]?* ]]; do ((at++)); done
    if [[ $words[at] != xtask ]] || ((at >= CURRENT)); then
        if [[ -n $_cargo_xtask_other ]]; then
            $_cargo_xtask_other "$@"
        else
            ((at == CURRENT)) && compadd xtask
        fi
        return
    fi
    local root=$PWD
    while [[ -n $root && ! -f $root/xtask/Cargo.toml ]]; do root=${root%/*}; done
    local program=${CARGO_TARGET_DIR:-$root/target}/debug/xtask
    [[ -n $root && -x $program ]] || program=PROGRAM
    [[ -x $program ]] || return 1
    local -a lines values
    lines=("${(@f)$(CARGO_MANIFEST_DIR=${root:+$root/xtask} $program complete -- "${(@Q)words[at+1,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
    local line
    for line in $lines; do
        [[ -n $line ]] || continue
        # In the arguments of _describe, a colon ends the candidate.
        values+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done
    if ((${#values})); then
        _describe -t candidates candidate values
    else
        _files
    fi
}

compdef _cargo_xtask cargo
