# tests/stages/scripts.sh - shellcheck finds nothing in the shell scripts.
# shellcheck shell=bash
need scripts
shell_scripts() {
    local path
    while IFS= read -r path; do
        case $path in
        *.sh) printf '%s\n' "$path" ;;
        *) head -n 1 "$path" | grep -q -a -E '^#!.*sh$' && printf '%s\n' "$path" ;;
        esac
    done < <(tree_files)
}

while IFS= read -r script; do
    check "shellcheck $script" shellcheck -x "$script" || true
done < <(shell_scripts)
