/*
 * core/synth/nearest.c - how far a wrong name is from a known one.
 * Why:    plain edit distance finds "primary_rise" nearer to "primary_base" than
 *         "primary_base_hz" is; who leaves the unit away means the latter.
 */
#include "core/synth/nearest.h"

#include <string.h>

#include "core/base/text.h"

unsigned scr_nearest_distance(const char *name, size_t name_bytes, const char *known)
{
    size_t known_bytes = strlen(known);
    unsigned distance = scr_text_distance(name, name_bytes, known, known_bytes);
    /* A distance as long as the name means that no letter of it was right. */
    if (distance > SCR_NEAREST_MAX || distance >= name_bytes) {
        return SCR_NEAREST_NONE;
    }
    if (name_bytes < known_bytes && memcmp(name, known, name_bytes) == 0) {
        return 1;
    }
    return distance;
}
