/*
 * tests/tidy/mirror_table.h - files of core and api that need no mirror test, and why.
 * Reads:  X(path, the test that covers it, reason)
 */
X("core/base/mirror_example.c", "tests/unit/base/mirror_example_test.c",
  "exists only in tests/tidy/bad/mirror-stale, where the rule proves that it can fail")
