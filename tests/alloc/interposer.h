/*
 * tests/alloc/interposer.h - what the interposer and its test agree on.
 * Report: "accepted N", then for each of ours, library, other, system one line: name, allocations
 *         before arming, allocations since, frees since, blocks alive, bytes alive, and the most
 *         bytes that were alive at once.
 */
#ifndef SCR_TESTS_ALLOC_INTERPOSER_H
#define SCR_TESTS_ALLOC_INTERPOSER_H

/* Environment: the file for the report; set at all: count from the start. */
#define SCR_INTERPOSER_REPORT "SCR_INTERPOSER_REPORT"
#define SCR_INTERPOSER_ARMED "SCR_INTERPOSER_ARMED"

#endif
