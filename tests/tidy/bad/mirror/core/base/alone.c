/*
 * core/base/alone.c - an example of what the rule mirror refuses.
 */
