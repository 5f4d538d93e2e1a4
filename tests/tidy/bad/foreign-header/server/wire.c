/*
 * server/wire.c - an example of what the rule foreign-header refuses.
 */
#include <opus/opus.h>
