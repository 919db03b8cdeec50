// Tells which accounts and posts of a generation of read models a load may ask for, as JSON.
//
//     survey GENERATION
//
// Readers are the accounts whose number of followed accounts is nearest to 10, 100 and 1000; the others are drawn with a
// fixed seed, so the same views give the same survey.
#include "views.h"

#include <stdio.h>
#include <stdlib.h>

enum { READERS = 16, SAMPLE = 4096 };

struct Account {
    uint64_t id;
    uint32_t followers, following;
};

static struct Snapshot snapshot;
static struct Account *accounts;
static size_t accounts_count;
static uint64_t wanted;

static uint64_t random_below(uint64_t bound) {
    static uint64_t state = 0x9e3779b97f4a7c15;
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return state % bound;
}

static int is_nearer(const void *left, const void *right) {
    const struct Account *one = left, *other = right;
    uint64_t first = (uint64_t)llabs((long long)one->following - (long long)wanted);
    uint64_t second = (uint64_t)llabs((long long)other->following - (long long)wanted);
    if (first != second) return first < second ? -1 : 1;
    return one->id < other->id ? -1 : one->id > other->id;
}

static int is_more_followed(const void *left, const void *right) {
    const struct Account *one = left, *other = right;
    if (one->followers != other->followers) return one->followers > other->followers ? -1 : 1;
    return one->id < other->id ? -1 : one->id > other->id;
}

static void read_accounts(void) {
    MDB_val key, value;
    size_t room = 0;
    MDB_cursor *cursor = snapshot.cursors[ACCOUNTS];
    for (int code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST); code == MDB_SUCCESS;
         code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
        if (accounts_count == room) {
            room = 2 * room + 1024;
            accounts = allocate(accounts, room * sizeof *accounts);
        }
        struct Account account = {.id = get64(key.mv_data)};
        MDB_val counts;
        if (snapshot_get(&snapshot, FOLLOW_COUNTS, key.mv_data, 8, &counts)) {
            account.followers = get32(counts.mv_data);
            account.following = get32((char *)counts.mv_data + 4);
        }
        accounts[accounts_count++] = account;
    }
    if (!accounts_count) die("there are no accounts");
}

static void print_account(const struct Account *account, const char *before) {
    unsigned char key[8];
    MDB_val row;
    put64(key, account->id);
    if (!snapshot_get(&snapshot, ACCOUNTS, key, 8, &row)) die("an account is gone");
    const unsigned char *bytes = row.mv_data;
    // Handles hold nothing that JSON would have to escape.
    printf("%s{\"id\":%llu,\"handle\":\"%.*s\",\"followers\":%u,\"following\":%u}", before,
           (unsigned long long)account->id, bytes[9], (const char *)bytes + 10, account->followers,
           account->following);
}

static void print_posts(void) {
    MDB_val key, value;
    MDB_stat statistics;
    check(mdb_stat(snapshot.transaction, snapshot.views->tables[POSTS], &statistics), "mdb_stat");
    MDB_cursor *cursor = snapshot.cursors[POSTS];
    uint64_t last = 0;
    if (mdb_cursor_get(cursor, &key, &value, MDB_LAST) == MDB_SUCCESS) last = get64(key.mv_data);
    printf("],\"posts_count\":%zu,\"posts\":[", statistics.ms_entries);
    for (int index = 0; last && index < SAMPLE; index++) {
        unsigned char from[8];
        put64(from, 1 + random_below(last));
        key = (MDB_val){8, from};
        check(mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE), "posts");
        printf("%s%llu", index ? "," : "", (unsigned long long)get64(key.mv_data));
    }
}

int main(int count, char **arguments) {
    static struct Views views;
    static const uint64_t classes[] = {10, 100, 1000};
    if (count != 2) die("usage: survey GENERATION");
    views_open(&views, arguments[1]);
    snapshot_init(&snapshot, &views);
    snapshot_begin(&snapshot);
    read_accounts();
    printf("{\"accounts_count\":%zu,\"readers\":{", accounts_count);
    for (int index = 0; index < 3; index++) {
        wanted = classes[index];
        qsort(accounts, accounts_count, sizeof *accounts, is_nearer);
        printf("%s\"%llu\":[", index ? "," : "", (unsigned long long)wanted);
        for (size_t reader = 0; reader < READERS && reader < accounts_count; reader++) {
            print_account(&accounts[reader], reader ? "," : "");
        }
        printf("]");
    }
    qsort(accounts, accounts_count, sizeof *accounts, is_more_followed);
    printf("},\"top\":");
    print_account(&accounts[0], "");
    printf(",\"accounts\":[");
    for (int index = 0; index < SAMPLE; index++) {
        print_account(&accounts[random_below(accounts_count)], index ? "," : "");
    }
    print_posts();
    printf("]}\n");
}
