# Completion of `cargo xtask` for fish; other commands of cargo keep theirs. In ~/.config/fish/config.fish:
#   cargo xtask completions fish | source

function __cargo_xtask_words
    # The words after `cargo xtask`, one per line; fails for another command of cargo.
    set -l words (commandline -opc)
    set -e words[1]
    while string match -qr '^[-+].' -- "$words[1]"
        set -e words[1]
    end
    test "$words[1]" = xtask; or return 1
    set -e words[1]
    printf '%s\n' $words
end

function __cargo_xtask_is
    __cargo_xtask_words >/dev/null
end

function __cargo_xtask_candidates
    set -l root $PWD
    while test -n "$root"; and not test -f $root/xtask/Cargo.toml
        set root (string replace -r '/[^/]*$' '' -- $root)
    end
    set -l target $root/target
    set -q CARGO_TARGET_DIR; and set target $CARGO_TARGET_DIR
    set -l program $target/debug/xtask
    if test -z "$root"; or not test -x $program
        set program PROGRAM
    end
    test -x $program; or return
    set -l manifest
    test -n "$root"; and set manifest CARGO_MANIFEST_DIR=$root/xtask
    set -l found (env $manifest $program complete -- (__cargo_xtask_words) (commandline -ct) 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end

complete -c cargo -n __cargo_xtask_is -f -a '(__cargo_xtask_candidates)'
