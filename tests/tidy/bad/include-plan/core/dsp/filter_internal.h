/*
 * core/dsp/filter_internal.h - an example of what the rule include-plan refuses.
 */
