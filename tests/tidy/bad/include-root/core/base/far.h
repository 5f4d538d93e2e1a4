/*
 * core/base/far.h - an example of what the rule include-root refuses.
 */
