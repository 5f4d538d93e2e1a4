/*
 * core/base/mirror_example.c - an example of what the rule mirror-stale refuses.
 */
