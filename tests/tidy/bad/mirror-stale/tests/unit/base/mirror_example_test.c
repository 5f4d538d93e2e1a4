/*
 * tests/unit/base/mirror_example_test.c - an example of what the rule mirror-stale refuses.
 */
