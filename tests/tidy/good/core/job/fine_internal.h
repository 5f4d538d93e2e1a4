/*
 * core/job/fine_internal.h - for its own folder.
 */
