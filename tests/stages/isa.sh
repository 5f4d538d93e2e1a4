# tests/stages/isa.sh - what makes or carries sound, once with each instruction set that runs here.
# Why:    every other stage takes the widest one; the narrower ones serve other people's machines,
#         and must give the same bits there.
# Flow:   names of isa_table.h -> SCREAM_ISA, which every C test obeys (tests/support) -> a set that
#         cannot be had is a skip, said aloud.
# shellcheck shell=bash
build check
status=0
judge=build/check/tests/unit/dsp/isa_test
isa_names() {
    tr -d '\n ' <core/dsp/isa_table.h | grep -o 'X([A-Z0-9]*,[a-z0-9]*,[0-9]' | cut -d, -f2
}
refuses_strangers() {
    [[ $(SCREAM_ISA=mmx "$judge" 2>&1) == SCREAM_ISA=mmx:* ]]
}
for isa in $(isa_names); do
    if ! words=$(SCREAM_ISA=$isa "$judge" 2>&1) && [[ $words == SCREAM_ISA=* ]]; then
        echo "SKIP $words"
        echo "skip isa $isa: ${words#*: }" >>"${SCR_RESULTS:-/dev/null}"
        count 0 0 1
        continue
    fi
    say "SCREAM_ISA=$isa"
    SCREAM_ISA=$isa run_ctest check -R '^(unit/(dsp|synth|job|codec)/|api/)' || {
        blame "those with SCREAM_ISA=$isa"
        status=1
    }
done
# A name nobody knows must not pass for the usual one.
check 'an unknown SCREAM_ISA is refused' refuses_strangers || status=1
[ "$status" -eq 0 ]
