/*
 * tests/support/death.h - proves that a call ends the program, and with which words.
 * Why:    assertions ship, so that they fire is behaviour and is tested like any other.
 * Flow:   fork -> the child acts -> the parent reads its standard error and how it ended.
 */
#ifndef TESTS_SUPPORT_DEATH_H
#define TESTS_SUPPORT_DEATH_H

#include <stddef.h>

typedef void death_act_fn(void *context);

/**
 * Runs act(context) in a child process.
 * out     said[capacity]  what it wrote to standard error, terminated, cut if longer
 * returns the signal that ended it, or 0 when it returned or exited by itself
 */
int death_of(death_act_fn *act, void *context, char *said, size_t capacity);

/** Fails the running test unless act(context) aborts by an SCR_ASSERT. */
void assert_dies(death_act_fn *act, void *context);

#endif
