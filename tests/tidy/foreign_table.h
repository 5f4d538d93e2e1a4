/*
 * tests/tidy/foreign_table.h - foreign headers and the one room that may include each.
 * Reads:  X(beginning of the name between < and >, folders parted by blanks)
 *         Tests and benches compare with these libraries and may include any.
 */
/* The build asks libopus' archive what it does: cmake/opus_probe.c. */
X("opus", "core/codec cmake")
X("ogg/", "core/container")
X("sodium", "core/crypto")
X("openssl/", "core/crypto")
X("libwebsockets", "core/net")
X("microhttpd", "server/http")
X("yaml", "server")
X("zlib", "core/picture")
X("kiss_fft", "core/picture")
/* Oracles of tests. */
X("cmocka", "")
X("jansson", "")
/* The sound is computed without libm, so that it is the same on every machine. */
X("math.h", "")
X("tgmath.h", "")
X("complex.h", "")
X("fenv.h", "")
/* The program never has a locale, nor stack blocks of variable size. */
X("locale.h", "")
X("alloca.h", "")
