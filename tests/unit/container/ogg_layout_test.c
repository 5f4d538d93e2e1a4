/*
 * tests/unit/container/ogg_layout_test.c - the arithmetic against pages laid one after another.
 * Aim:    sizes and places are right to the byte, for every bit rate, at every edge of the packet
 *         count, up to the longest scream; page_at and packet_offset agree with page.
 * Method: a second layout made the slow way, page by page, is the oracle here; ogg_page_test.c
 *         compares with the bytes written. Random offsets print their seed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/container/ogg_layout.h"
#include "tests/support/death.h"

#define PRESKIP SCR_OPUS_PRESKIP_SAMPLES
#define HEADER 168
/* 300 s: 15001 packets, 1879 pages; the slow layout of anything fits. */
#define PAGES_MAX 2000

/* The slow layout: the sentence "pages of 1, 2, 4, 8, 8 ... packets" executed. */
static uint32_t lay_slowly(uint32_t samples,
                           uint32_t packet_bytes,
                           struct scr_ogg_place places[PAGES_MAX],
                           uint64_t *file_bytes)
{
    uint32_t packets = 0;
    while ((uint64_t)packets * SCR_BLOCK_SAMPLES < (uint64_t)samples + PRESKIP) {
        packets += 1;
    }
    uint32_t lacing = 1;
    for (uint32_t left = packet_bytes; left >= 255; left -= 255) {
        lacing += 1;
    }
    uint64_t offset = HEADER;
    uint32_t first = 0;
    uint32_t page = 0;
    uint32_t want = 1;
    while (first < packets) {
        uint32_t count = want < packets - first ? want : packets - first;
        bool is_last = first + count == packets;
        places[page] = (struct scr_ogg_place){
            .page_index = page,
            .first_packet = first,
            .packet_count = count,
            .offset = offset,
            .head_bytes = 27 + count * lacing,
            .page_bytes = 27 + count * lacing + count * packet_bytes,
            .granule = is_last ? (uint64_t)samples + PRESKIP
                               : (uint64_t)(first + count) * SCR_BLOCK_SAMPLES,
            .is_last = is_last,
        };
        offset += places[page].page_bytes;
        first += count;
        page += 1;
        want = want < 8 ? 2 * want : 8;
    }
    *file_bytes = offset;
    return page;
}

static void assert_same_place(const struct scr_ogg_place *a, const struct scr_ogg_place *b)
{
    assert_int_equal(a->page_index, b->page_index);
    assert_int_equal(a->first_packet, b->first_packet);
    assert_int_equal(a->packet_count, b->packet_count);
    assert_int_equal(a->offset, b->offset);
    assert_int_equal(a->page_bytes, b->page_bytes);
    assert_int_equal(a->head_bytes, b->head_bytes);
    assert_int_equal(a->granule, b->granule);
    assert_int_equal(a->is_last, b->is_last);
}

/* Compares everything a layout can be asked, the edges of each page and packet included. */
static void check_layout(uint32_t samples, uint32_t packet_bytes)
{
    static struct scr_ogg_place places[PAGES_MAX];
    uint64_t file_bytes = 0;
    uint32_t page_count = lay_slowly(samples, packet_bytes, places, &file_bytes);
    struct scr_ogg_layout layout;
    scr_ogg_layout_init(&layout, samples, PRESKIP, packet_bytes, HEADER);
    assert_int_equal(layout.page_count, page_count);
    assert_int_equal(layout.file_bytes, file_bytes);
    assert_int_equal(layout.samples, samples);
    assert_int_equal(layout.preskip, PRESKIP);
    assert_int_equal(layout.packet_bytes, packet_bytes);
    assert_int_equal(layout.header_bytes, HEADER);
    for (uint32_t i = 0; i < page_count; i += 1) {
        const struct scr_ogg_place *want = &places[i];
        struct scr_ogg_place got = scr_ogg_layout_page(&layout, i);
        assert_same_place(&got, want);
        got = scr_ogg_layout_page_at(&layout, want->offset);
        assert_same_place(&got, want);
        got = scr_ogg_layout_page_at(&layout, want->offset + want->page_bytes - 1);
        assert_same_place(&got, want);
        for (uint32_t j = 0; j < want->packet_count; j += 1) {
            assert_int_equal(scr_ogg_layout_packet_offset(&layout, want->first_packet + j),
                             want->offset + want->head_bytes + (uint64_t)j * packet_bytes);
        }
    }
    assert_int_equal(places[page_count - 1].first_packet + places[page_count - 1].packet_count,
                     layout.packet_count);
}

/* Samples with which the file ends exactly at packet number `packets`, and one sample more. */
static uint32_t last_of(uint32_t packets)
{
    return packets * SCR_BLOCK_SAMPLES - PRESKIP;
}

static void test_every_bitrate(void **state)
{
    (void)state;
    static const uint32_t packets[] = {3, 4, 7, 8, 15, 16, 23, 150, 151};
    for (uint32_t rate = SCR_BITRATE_MIN; rate <= SCR_BITRATE_MAX; rate += SCR_BITRATE_STEP) {
        uint32_t packet_bytes = rate / SCR_BITRATE_STEP;
        check_layout(2400, packet_bytes);
        check_layout(144000, packet_bytes);
        check_layout(60 * SCR_SAMPLE_RATE_HZ, packet_bytes);
        for (size_t i = 0; i < sizeof packets / sizeof packets[0]; i += 1) {
            check_layout(last_of(packets[i]), packet_bytes);
            check_layout(last_of(packets[i]) + 1, packet_bytes);
        }
    }
}

static void test_every_bitrate_at_full_length(void **state)
{
    (void)state;
    for (uint32_t rate = SCR_BITRATE_MIN; rate <= SCR_BITRATE_MAX; rate += SCR_BITRATE_STEP) {
        uint32_t packet_bytes = rate / SCR_BITRATE_STEP;
        struct scr_ogg_layout layout;
        scr_ogg_layout_init(&layout, SCR_SAMPLES_MAX, PRESKIP, packet_bytes, HEADER);
        assert_int_equal(layout.packet_count, 15001);
        assert_int_equal(layout.page_count, 3 + 1875);
        uint64_t expected =
            HEADER + 1878u * 27 + 15001u * ((uint64_t)packet_bytes + packet_bytes / 255 + 1);
        assert_int_equal(layout.file_bytes, expected);
        struct scr_ogg_place last = scr_ogg_layout_page(&layout, layout.page_count - 1);
        assert_int_equal(last.offset + last.page_bytes, layout.file_bytes);
        assert_int_equal(last.granule, SCR_SAMPLES_MAX + PRESKIP);
    }
    check_layout(SCR_SAMPLES_MAX, 240);
    check_layout(SCR_SAMPLES_MAX - 1, SCR_PACKET_BYTES_MAX);
}

/* All packet sizes, those no bit rate has included: lacing changes at 255 and 510. */
static void test_every_packet_size(void **state)
{
    (void)state;
    for (uint32_t packet_bytes = 1; packet_bytes <= SCR_PACKET_BYTES_MAX; packet_bytes += 1) {
        check_layout(last_of(16), packet_bytes);
    }
    assert_int_equal(scr_ogg_lacing_count(254), 1);
    assert_int_equal(scr_ogg_lacing_count(255), 2);
    assert_int_equal(scr_ogg_lacing_count(509), 2);
    assert_int_equal(scr_ogg_lacing_count(510), 3);
    assert_int_equal(scr_ogg_lacing_count(640), 3);
}

/* Every count of samples around every change of the packet count, up to the fifth full page. */
static void test_packet_edges(void **state)
{
    (void)state;
    for (uint32_t packets = 1; packets <= 47; packets += 1) {
        check_layout(last_of(packets) - 1, 240);
        check_layout(last_of(packets), 240);
        check_layout(last_of(packets) + 1, 240);
    }
    check_layout(1, 240);
}

/* RFC 7845 section 4.5: even a file of one page has a last granule position above the pre-skip. */
static void test_shortest_files(void **state)
{
    (void)state;
    for (uint32_t samples = 1; samples <= 2500; samples += 1) {
        struct scr_ogg_layout layout;
        scr_ogg_layout_init(&layout, samples, PRESKIP, 240, HEADER);
        uint64_t before = 0;
        for (uint32_t i = 0; i < layout.page_count; i += 1) {
            struct scr_ogg_place place = scr_ogg_layout_page(&layout, i);
            uint64_t held = (uint64_t)place.packet_count * SCR_BLOCK_SAMPLES;
            assert_true(place.granule > before);
            assert_true(place.is_last ? place.granule > PRESKIP : place.granule == before + held);
            assert_true(place.granule <= before + held);
            before = place.granule;
        }
        assert_int_equal(before - PRESKIP, samples);
    }
}

/* The usual scream by hand: 3 s at 96 kbit/s. */
static void test_known_file(void **state)
{
    (void)state;
    struct scr_ogg_layout layout;
    scr_ogg_layout_init(&layout, 144000, 120, 240, HEADER);
    assert_int_equal(layout.packet_count, 151);
    assert_int_equal(layout.page_count, 21);
    assert_int_equal(layout.file_bytes, HEADER + 21 * 27 + 151 * 241);
    struct scr_ogg_place first = scr_ogg_layout_page(&layout, 0);
    assert_int_equal(first.offset, HEADER);
    assert_int_equal(first.page_bytes, 268);
    assert_int_equal(first.granule, 960);
    assert_false(first.is_last);
    struct scr_ogg_place last = scr_ogg_layout_page(&layout, 20);
    assert_int_equal(last.first_packet, 143);
    assert_int_equal(last.packet_count, 8);
    assert_int_equal(last.granule, 144120);
    assert_true(last.is_last);
}

/* page_at of every byte of small files. */
static void test_every_byte_of_small_files(void **state)
{
    (void)state;
    for (uint32_t packets = 1; packets <= 40; packets += 1) {
        struct scr_ogg_layout layout;
        scr_ogg_layout_init(&layout, last_of(packets), PRESKIP, 40 + packets * 15, HEADER);
        uint64_t offset = layout.header_bytes;
        for (uint32_t i = 0; i < layout.page_count; i += 1) {
            struct scr_ogg_place want = scr_ogg_layout_page(&layout, i);
            assert_int_equal(want.offset, offset);
            for (; offset < want.offset + want.page_bytes; offset += 1) {
                struct scr_ogg_place got = scr_ogg_layout_page_at(&layout, offset);
                assert_same_place(&got, &want);
            }
        }
        assert_int_equal(offset, layout.file_bytes);
    }
}

static void test_random_bytes_of_large_files(void **state)
{
    (void)state;
    uint64_t seed = (uint64_t)time(NULL);
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int i = 0; i < 300000; i += 1) {
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        uint32_t samples = 1 + (uint32_t)((seed >> 20) % SCR_SAMPLES_MAX);
        uint32_t packet_bytes = 40 + (uint32_t)((seed >> 50) % 601);
        struct scr_ogg_layout layout;
        scr_ogg_layout_init(&layout, samples, PRESKIP, packet_bytes, HEADER);
        uint64_t offset = HEADER + (seed >> 16) % (layout.file_bytes - HEADER);
        struct scr_ogg_place got = scr_ogg_layout_page_at(&layout, offset);
        assert_true(got.offset <= offset && offset < got.offset + got.page_bytes);
        struct scr_ogg_place want = scr_ogg_layout_page(&layout, got.page_index);
        assert_same_place(&got, &want);
    }
}

enum mistake {
    NO_SAMPLES,
    TOO_MANY_SAMPLES,
    PRESKIP_TOO_LONG,
    NO_PACKET,
    PACKET_TOO_LONG,
    NO_HEADER,
    HEADER_TOO_LONG,
    PAGE_BEYOND,
    PACKET_BEYOND,
    OFFSET_IN_HEADER,
    OFFSET_BEYOND,
    MISTAKE_COUNT
};

static void make_mistake(void *context)
{
    enum mistake mistake = *(const enum mistake *)context;
    struct scr_ogg_layout layout;
    scr_ogg_layout_init(&layout,
                        mistake == NO_SAMPLES         ? 0
                        : mistake == TOO_MANY_SAMPLES ? SCR_SAMPLES_MAX + 1
                                                      : 2400,
                        mistake == PRESKIP_TOO_LONG ? 65536 : PRESKIP,
                        mistake == NO_PACKET         ? 0
                        : mistake == PACKET_TOO_LONG ? SCR_PACKET_BYTES_MAX + 1
                                                     : 240,
                        mistake == NO_HEADER         ? 0
                        : mistake == HEADER_TOO_LONG ? SCR_OGG_HEADER_BYTES_MAX + 1
                                                     : HEADER);
    if (mistake == PAGE_BEYOND) {
        (void)scr_ogg_layout_page(&layout, layout.page_count);
    } else if (mistake == PACKET_BEYOND) {
        (void)scr_ogg_layout_packet_offset(&layout, layout.packet_count);
    } else if (mistake == OFFSET_IN_HEADER) {
        (void)scr_ogg_layout_page_at(&layout, HEADER - 1);
    } else if (mistake == OFFSET_BEYOND) {
        (void)scr_ogg_layout_page_at(&layout, layout.file_bytes);
    }
}

static void test_mistakes_die(void **state)
{
    (void)state;
    for (int i = 0; i < MISTAKE_COUNT; i += 1) {
        enum mistake mistake = (enum mistake)i;
        assert_dies(make_mistake, &mistake);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_bitrate),
        cmocka_unit_test(test_every_bitrate_at_full_length),
        cmocka_unit_test(test_every_packet_size),
        cmocka_unit_test(test_packet_edges),
        cmocka_unit_test(test_shortest_files),
        cmocka_unit_test(test_known_file),
        cmocka_unit_test(test_every_byte_of_small_files),
        cmocka_unit_test(test_random_bytes_of_large_files),
        cmocka_unit_test(test_mistakes_die),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
