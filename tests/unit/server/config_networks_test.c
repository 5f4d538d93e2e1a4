/*
 * tests/unit/server/config_networks_test.c - the list of trusted proxies.
 * Aim:    a good list passes; of a wrong one the sentence names the first wrong item and its cause;
 *         a network of everybody is refused, whatever form it has.
 * Method: lists people write, each against the whole sentence.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/base/limits.h"
#include "server/config_networks.h"

static char chars[SCR_CONFIG_SENTENCE_BYTES_MAX];

static enum scr_err judge(const char *given)
{
    struct scr_text sentence;
    scr_text_init(&sentence, chars, sizeof chars);
    enum scr_err err = scr_config_judge_networks("NAME", given, &sentence);
    assert_false(sentence.overflow);
    assert_int_equal(err == SCR_OK, chars[0] == '\0');
    return err;
}

static void good_lists_pass(void **state)
{
    (void)state;
    static const char *const lists[] = {"",
                                        "  ",
                                        "192.0.2.7",
                                        "127.0.0.1, 10.0.0.0/8,2001:db8::/32 ",
                                        "0.0.0.0/1",
                                        "::ffff:10.0.0.0/104",
                                        "2000::/3"};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i += 1) {
        if (judge(lists[i]) != SCR_OK) {
            fail_msg("%s: %s", lists[i], chars);
        }
    }
}

static void the_wrong_item_and_its_cause_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        const char *sentence;
    } cases[] = {
        {"127.0.0.1, 10.0.0.1/8",
         "NAME: \"10.0.0.1/8\" has bits behind the prefix; the network begins with zeros there "
         "(10.0.0.0/8)"},
        {"2001:db8::1/32,::1", "NAME: \"2001:db8::1/32\" has bits behind the prefix"},
        {"proxy.example", "NAME: \"proxy.example\" is no IPv4 or IPv6 address or network; names"},
        {"10.0.0.256", "NAME: \"10.0.0.256\" is no IPv4 or IPv6 address or network; names"},
        {"10.0.0.1:8080", "NAME: \"10.0.0.1:8080\" has a port; only an address"},
        {"[::1]:8080", "NAME: \"[::1]:8080\" has a port; only an address"},
        {"10.0.0.0/33", "NAME: \"10.0.0.0/33\" has no prefix length from 1 to 32"},
        {"10.0.0.0/", "NAME: \"10.0.0.0/\" has no prefix length"},
        {"::1/129", "NAME: \"::1/129\" has no prefix length"},
        {"10.0.0.1 10.0.0.2", "NAME: \"10.0.0.1 10.0.0.2\" is more than one; items are parted"},
        {"10.0.0.1;10.0.0.2", "NAME: \"10.0.0.1;10.0.0.2\" is more than one; items are parted"},
        {"10.0.0.1,", "NAME: an empty item; remove the comma"},
        {"10.0.0.1,,::1", "NAME: an empty item; remove the comma"},
        {" , ::1", "NAME: an empty item; remove the comma"},
        {"\x1b[31m", "NAME: \"?[31m\" is no IPv4"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i += 1) {
        assert_int_equal(judge(cases[i].list), SCR_ERR_PARAM_SYNTAX);
        if (strncmp(chars, cases[i].sentence, strlen(cases[i].sentence)) != 0) {
            fail_msg("%s: %s", cases[i].list, chars);
        }
    }
}

static void everybody_is_refused(void **state)
{
    (void)state;
    static const char *const items[] = {"0.0.0.0/0", "::/0", "::ffff:0.0.0.0/96", "::/64", "*"};
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i += 1) {
        assert_int_equal(judge(items[i]), SCR_ERR_PARAM_RANGE);
        assert_non_null(strstr(chars, items[i]));
        assert_non_null(
            strstr(chars, "\" trusts everybody: every client could choose its address"));
    }
    /* Nobody means the rest of these. */
    assert_int_equal(judge("::/97"), SCR_OK);
}

static void a_long_item_is_cut_and_wrong(void **state)
{
    (void)state;
    char item[SCR_CONFIG_TEXT_BYTES_MAX + 1];
    memset(item, '1', sizeof item);
    item[sizeof item - 1] = '\0';
    assert_int_equal(judge(item), SCR_ERR_PARAM_SYNTAX);
    assert_non_null(strstr(chars, "111...\" is no IPv4"));
    memcpy(item, "10.0.0.0/", 9);
    assert_int_equal(judge(item), SCR_ERR_PARAM_SYNTAX);
    assert_non_null(strstr(chars, "has no prefix length"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_lists_pass),
        cmocka_unit_test(the_wrong_item_and_its_cause_are_named),
        cmocka_unit_test(everybody_is_refused),
        cmocka_unit_test(a_long_item_is_cut_and_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
