/*
 * core/job/high.h - an example of what the rule include-plan refuses.
 */
