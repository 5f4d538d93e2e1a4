/*
 * server/config_nearest.c - what a wrong name of a setting may have meant.
 * Why:    see config_nearest.h.
 */
#include "server/config_nearest.h"

#include <string.h>

#define NAME_BYTES_MAX 63

/* Letters that two words must share to count as alike. */
#define SHARED_MIN 3

/* How many letters two words share from their beginning, if one is all of that. */
static size_t shared_letters(const char *one, size_t one_bytes, const char *other, size_t bytes)
{
    size_t shorter = one_bytes < bytes ? one_bytes : bytes;
    bool alike = shorter >= SHARED_MIN && memcmp(one, other, shorter) == 0;
    return alike ? shorter : 0;
}

/* The most letters that a word shares with one of the words of a name. */
static size_t best_shared(const char *word, size_t bytes, const char *name)
{
    size_t best = 0;
    while (*name != '\0') {
        size_t name_bytes = strcspn(name, "_");
        size_t shared = shared_letters(word, bytes, name, name_bytes);
        best = shared > best ? shared : best;
        name += name_bytes + (name[name_bytes] == '_' ? 1 : 0);
    }
    return best;
}

/* Shared letters count for, letters of the key that the name has not count against. */
static int score_of(const char *key, const char *name)
{
    int score = 0;
    while (*key != '\0') {
        size_t bytes = strcspn(key, "_");
        size_t shared = best_shared(key, bytes, name);
        score += 3 * (int)shared - (int)bytes;
        key += bytes + (key[bytes] == '_' ? 1 : 0);
    }
    return score;
}

enum scr_setting scr_setting_nearest(const char *name, bool variable)
{
    char plain[NAME_BYTES_MAX + 1];
    size_t bytes = strlen(name);
    enum scr_setting by_letters = SCR_SETTING_COUNT;
    enum scr_setting by_words = SCR_SETTING_COUNT;
    unsigned least = 4;
    int most = 0;
    if (bytes > NAME_BYTES_MAX) {
        return SCR_SETTING_COUNT;
    }
    for (size_t i = 0; i <= bytes; i += 1) {
        bool is_upper = name[i] >= 'A' && name[i] <= 'Z';
        plain[i] = name[i] == '-' ? '_' : (char)(name[i] + (is_upper ? 'a' - 'A' : 0));
    }
    for (unsigned i = 0; i < SCR_SETTING_COUNT; i += 1) {
        const struct scr_setting_info *info = scr_setting_info((enum scr_setting)i);
        if (variable && info->environment[0] == '\0') {
            continue;
        }
        unsigned distance = scr_text_distance(plain, bytes, info->key, strlen(info->key));
        int score = score_of(info->key, plain);
        /* Of a short name, few wrong letters are most of it. */
        if (distance < least && distance < (bytes + 1) / 2) {
            least = distance;
            by_letters = (enum scr_setting)i;
        }
        if (score > most) {
            most = score;
            by_words = (enum scr_setting)i;
        }
    }
    return by_letters != SCR_SETTING_COUNT ? by_letters : by_words;
}
