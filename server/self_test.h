/*
 * server/self_test.h - one known scream, rendered at every start.
 * Why:    a seeded URL is the address of one exact sound; a machine or a build that makes another
 *         one must not serve.
 */
#ifndef SCR_SERVER_SELF_TEST_H
#define SCR_SERVER_SELF_TEST_H

#include <stdbool.h>
#include <stdint.h>

/** Renders classic, seed 0, raw, mono, and compares its bytes' hash. About 10 ms. Boot. */
bool scr_self_test(void);

/** The hash it makes: for tests. */
uint64_t scr_self_test_hash(void);

#endif
