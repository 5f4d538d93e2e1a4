/*
 * server/build_info.c - the build's stamp and the libraries' own words.
 * Why:    see build_info.h. libogg alone does not know its version at run time: the build tells.
 */
#include "server/build_info.h"

#include "core/base/version.h"
#include "core/codec/opus_encoder.h"
#include "core/crypto/blake2b.h"
#include "core/dsp/isa.h"
#include "server/http/library.h"

#ifndef SCR_OGG_VERSION
#define SCR_OGG_VERSION "unknown"
#endif

#ifdef __clang__
#define COMPILER __VERSION__
#else
#define COMPILER "gcc " __VERSION__
#endif

struct scr_build scr_build_info(void)
{
    return (struct scr_build){.version = scr_version,
                              .commit = scr_version_commit,
                              .built = scr_version_date,
                              .compiler = COMPILER,
                              .isa = scr_isa_name(scr_isa_current()),
                              .opus = scr_opus_version(),
                              .ogg = SCR_OGG_VERSION,
                              .sodium = scr_crypto_version(),
                              .microhttpd = scr_http_library_version()};
}
