/*
 * tests/unit/job/key_test.c - the permanent name of a sound.
 * Aim:    equal sounds have equal keys, any audible difference another; ETags are well formed and
 *         differ by format and, for Opus, by codec class; the bytes that are hashed never change.
 * Method: one parameter after the other is changed; one key is frozen, computed also with
 *         another BLAKE2b from the layout in core/job/key.c.
 */
#include "core/job/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/crypto/blake2b.h"
#include "tests/support/job_bench.h"

static void equal_params_equal_keys(void **state)
{
    (void)state;
    struct scr_params a = job_params(SCR_PRESET_CLASSIC, 5, 3000);
    struct scr_params b = job_params(SCR_PRESET_CLASSIC, 5, 3000);
    struct scr_key key_a = scr_key_of(&a);
    b.harmonic.sweep_hz_s = 0.0;
    a.harmonic.sweep_hz_s = -0.0; /* zero has one sign */
    key_a = scr_key_of(&a);
    struct scr_key key_b = scr_key_of(&b);
    assert_true(scr_key_equal(&key_a, &key_b));
}

static void each_parameter_counts(void **state)
{
    (void)state;
    struct scr_params plain = job_params(SCR_PRESET_CLASSIC, 5, 3000);
    struct scr_key key = scr_key_of(&plain);
    for (unsigned p = 0; p < SCR_PARAM_COUNT; p += 1) {
        struct scr_params changed = plain;
        uint8_t *field = (uint8_t *)&changed + scr_param_info((enum scr_param)p)->offset;
        if (scr_param_info((enum scr_param)p)->kind == SCR_PARAM_KIND_REAL) {
            double real;
            memcpy(&real, field, sizeof real);
            real += 0.001;
            memcpy(field, &real, sizeof real);
        } else {
            *field ^= 1;
        }
        struct scr_key other = scr_key_of(&changed);
        assert_false(scr_key_equal(&key, &other));
    }
}

static void etags_name_format_and_class(void **state)
{
    (void)state;
    struct scr_params params = job_params(SCR_PRESET_CLASSIC, 5, 3000);
    struct scr_key key = scr_key_of(&params);
    struct scr_codec_class here = {{1}};
    struct scr_codec_class there = {{2}};
    char ogg[SCR_ETAG_CHARS];
    char ogg_there[SCR_ETAG_CHARS];
    char wav[SCR_ETAG_CHARS];
    char wav_there[SCR_ETAG_CHARS];
    scr_key_etag(&key, SCR_FORMAT_OGG, &here, ogg);
    scr_key_etag(&key, SCR_FORMAT_OGG, &there, ogg_there);
    scr_key_etag(&key, SCR_FORMAT_WAV, &here, wav);
    scr_key_etag(&key, SCR_FORMAT_WAV, &there, wav_there);
    assert_int_equal(strlen(ogg), SCR_ETAG_CHARS - 1);
    assert_int_equal(ogg[0], '"');
    assert_int_equal(ogg[33], '"');
    assert_int_equal(strspn(ogg + 1, "0123456789abcdef"), 32);
    assert_string_not_equal(ogg, wav);
    assert_string_not_equal(ogg, ogg_there);
    assert_string_equal(wav, wav_there);
    assert_string_equal(scr_format_name(SCR_FORMAT_OGG), "ogg");
    assert_string_equal(scr_format_name(SCR_FORMAT_WAV), "wav");
}

static void the_canonical_bytes_are_frozen(void **state)
{
    (void)state;
    struct scr_params params = job_params(SCR_PRESET_CLASSIC, 5, 3000);
    struct scr_key key = scr_key_of(&params);
    /* Epoch 2. Changes only with a new engine epoch: caches all over the world hold it. */
    assert_int_equal(scr_key_serial(&key), 0x34433d69);
}

static int set_up(void **state)
{
    (void)state;
    return scr_crypto_init() == SCR_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_params_equal_keys),
        cmocka_unit_test(each_parameter_counts),
        cmocka_unit_test(etags_name_format_and_class),
        cmocka_unit_test(the_canonical_bytes_are_frozen),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
