# cmake/embed_file.cmake - turns a file into a C array.
# Flow:   INPUT is read as hexadecimal digits, wrapped to lines of 16 bytes, written to OUTPUT.

file(READ "${INPUT}" digits HEX)
string(REGEX REPLACE "(................................)" "\\1\n" digits "${digits}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," digits "${digits}")
file(WRITE "${OUTPUT}" "/* Made by cmake/embed_file.cmake; edits are lost. */
#include \"${HEADER}\"

const unsigned char ${SYMBOL}[] = {
${digits}
};
const size_t ${SYMBOL}_bytes = sizeof ${SYMBOL};
")
