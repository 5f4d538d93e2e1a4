/*
 * core/synth/peek.h - an example of what the rule include-plan refuses.
 */
#include "core/dsp/filter_internal.h"
