/*
 * api/openapi.h - openapi.yaml as bytes inside the program.
 * Why:    GET /openapi.yaml serves the contract this very binary was built with.
 * Flow:   defined by a file the build writes (cmake/embed_file.cmake).
 */
#ifndef SCR_API_OPENAPI_H
#define SCR_API_OPENAPI_H

#include <stddef.h>

/** The document, UTF-8, not terminated. */
extern const unsigned char scr_openapi_yaml[];

/** Its length. */
extern const size_t scr_openapi_yaml_bytes;

#endif
