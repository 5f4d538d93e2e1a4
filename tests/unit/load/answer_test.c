/*
 * tests/unit/load/answer_test.c - the load client's reading of HTTP answers.
 * Aim:    lengths and chunks are followed to the byte however they are cut; the first sound is
 *         where it is; what breaks off or is no HTTP is broken, never done.
 * Method: answers by hand, fed whole, byte by byte, and in every cut into two; every truncation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "bench/load/answer.h"

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

static struct answer answer;

static size_t feed_by(const char *bytes, size_t count, size_t step)
{
    size_t at = 0;
    answer_begin(&answer, false);
    while (at < count && answer.state != ANSWER_DONE && answer.state != ANSWER_BROKEN) {
        size_t piece = count - at < step ? count - at : step;
        at += answer_feed(&answer, bytes + at, piece);
    }
    return at;
}

/* However it comes, it is whole after exactly these bytes, and more is not touched. */
static void expect_whole(const char *bytes, size_t count, int status, uint64_t body_bytes)
{
    char more[2048];
    assert_true(count + 4 <= sizeof more);
    memcpy(more, bytes, count);
    memcpy(more + count, "HTTP", 4);
    for (size_t step = 1; step <= count + 4; step += 1) {
        assert_int_equal(feed_by(more, count + 4, step), count);
        assert_int_equal(answer.state, ANSWER_DONE);
        assert_int_equal(answer.status, status);
        assert_int_equal(answer.body_bytes, body_bytes);
    }
    for (size_t cut = 0; cut < count; cut += 1) {
        (void)feed_by(bytes, cut, cut + 1);
        assert_int_not_equal(answer.state, ANSWER_DONE);
        answer_end(&answer);
        assert_int_equal(answer.state, ANSWER_BROKEN);
    }
}

static void lengths(void **state)
{
    (void)state;
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    static const char empty[] = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    expect_whole(text, sizeof text - 1, 200, 5);
    assert_false(answer.closes);
    assert_false(answer.is_chunked);
    expect_whole(empty, sizeof empty - 1, 200, 0);
}

static void chunks(void **state)
{
    (void)state;
    static const char text[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
                               "Connection: close\r\n\r\n"
                               "5\r\nhello\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n";
    expect_whole(text, sizeof text - 1, 200, 31);
    (void)feed_by(text, sizeof text - 1, sizeof text);
    assert_true(answer.is_chunked);
    assert_true(answer.closes);
}

static void answers_without_a_body(void **state)
{
    (void)state;
    static const char unchanged[] = "HTTP/1.1 304 Not Modified\r\nContent-Length: 37146\r\n\r\n";
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Length: 37146\r\n\r\n";
    expect_whole(unchanged, sizeof unchanged - 1, 304, 0);
    answer_begin(&answer, true);
    assert_int_equal(answer_feed(&answer, head, sizeof head - 1), sizeof head - 1);
    assert_int_equal(answer.state, ANSWER_DONE);
    assert_int_equal(answer.length, 37146);
    assert_false(answer.has_begun);
}

/* A page head of 27 bytes with so many lacing values, then the bytes these stand for. */
static size_t put_page(char *to, size_t segments, uint8_t each)
{
    memset(to, 0x55, 27 + segments + segments * each);
    memcpy(to, "OggS", 4);
    to[26] = (char)segments;
    memset(to + 27, each, segments);
    return 27 + segments + segments * each;
}

static void expect_audio_at(const char *body, size_t count, size_t audio_at)
{
    char text[2048];
    int head = snprintf(text, sizeof text, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", count);
    size_t head_bytes = (size_t)head;
    memcpy(text + head_bytes, body, count);
    for (size_t step = 1; step <= 3; step += 1) {
        answer_begin(&answer, false);
        size_t at = 0;
        while (!answer.has_audio && at < head_bytes + count) {
            size_t rest = head_bytes + count - at;
            at += answer_feed(&answer, text + at, rest < step ? rest : step);
        }
        assert_true(at > head_bytes + audio_at && at <= head_bytes + audio_at + step);
    }
    /* All but the first sound is no sound. */
    answer_begin(&answer, false);
    (void)answer_feed(&answer, text, head_bytes + audio_at);
    assert_false(answer.has_audio);
    (void)answer_feed(&answer, text + head_bytes + audio_at, 1);
    assert_true(answer.has_audio);
}

static void sound_begins_behind_two_pages(void **state)
{
    (void)state;
    char body[1500];
    size_t bytes = put_page(body, 1, 19);
    bytes += put_page(body + bytes, 3, 250);
    size_t audio_at = bytes;
    bytes += put_page(body + bytes, 1, 240);
    expect_audio_at(body, bytes, audio_at);
    /* A page without segments has no bytes behind its head. */
    bytes = put_page(body, 0, 0);
    bytes += put_page(body + bytes, 2, 10);
    audio_at = bytes;
    bytes += put_page(body + bytes, 1, 240);
    expect_audio_at(body, bytes, audio_at);
}

static void sound_begins_behind_a_wav_head(void **state)
{
    (void)state;
    char body[100];
    memset(body, 1, sizeof body);
    memcpy(body, "RIFF", 4);
    expect_audio_at(body, sizeof body, 44);
}

static void anything_else_begins_at_once(void **state)
{
    (void)state;
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[\"robot\"]";
    (void)feed_by(text, sizeof text - 1, 1);
    assert_true(answer.has_begun);
    assert_true(answer.has_audio);
}

static void skipping_counts_like_reading(void **state)
{
    (void)state;
    static const char head[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nxxxx";
    static const char tail[] = "\r\n0\r\n\r\n";
    answer_begin(&answer, false);
    (void)answer_feed(&answer, head, sizeof head - 1);
    assert_int_equal(answer.left, 96);
    answer_skip(&answer, 90);
    answer_skip(&answer, 6);
    assert_int_equal(answer_feed(&answer, tail, sizeof tail - 1), sizeof tail - 1);
    assert_int_equal(answer.state, ANSWER_DONE);
    assert_int_equal(answer.body_bytes, 100);
}

static void what_is_no_answer_is_broken(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "SSH-2.0-x\r\n\r\n",
        "\r\n\r\n",
        CHUNKED "xyz\r\n",
        CHUNKED "1\r\naX\r\n",
        CHUNKED "000000000000000000000000000000000001\r\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i += 1) {
        (void)feed_by(texts[i], strlen(texts[i]), 1);
        assert_int_equal(answer.state, ANSWER_BROKEN);
    }
}

static void a_head_without_end_is_broken(void **state)
{
    (void)state;
    char text[ANSWER_HEAD_BYTES + 100];
    memset(text, 'a', sizeof text);
    memcpy(text, "HTTP/1.1 200 OK\r\n", 17);
    assert_int_equal(feed_by(text, sizeof text, 7), ANSWER_HEAD_BYTES);
    assert_int_equal(answer.state, ANSWER_BROKEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths),
        cmocka_unit_test(chunks),
        cmocka_unit_test(answers_without_a_body),
        cmocka_unit_test(sound_begins_behind_two_pages),
        cmocka_unit_test(sound_begins_behind_a_wav_head),
        cmocka_unit_test(anything_else_begins_at_once),
        cmocka_unit_test(skipping_counts_like_reading),
        cmocka_unit_test(what_is_no_answer_is_broken),
        cmocka_unit_test(a_head_without_end_is_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
