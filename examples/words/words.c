/*
 * Counts lines, words and bytes of the files that are named, as wc does; of standard input if none is. Files are those
 * of folders that --dir gives it:
 *
 *     ./gate run --dir .::/ examples/words/words.wasm README.md
 */
#include <ctype.h>
#include <stdio.h>

struct count {
    unsigned long lines, words, bytes;
};

static int count(FILE *file, const char *name, struct count *total)
{
    struct count here = {0, 0, 0};
    int c, inside = 0;

    while ((c = getc(file)) != EOF) {
        here.bytes++;
        if (c == '\n')
            here.lines++;
        if (isspace(c)) {
            inside = 0;
        } else if (!inside) {
            inside = 1;
            here.words++;
        }
    }
    if (ferror(file)) {
        perror(name);
        return 1;
    }
    printf("%7lu %7lu %7lu %s\n", here.lines, here.words, here.bytes, name);
    total->lines += here.lines;
    total->words += here.words;
    total->bytes += here.bytes;
    return 0;
}

int main(int argc, char **argv)
{
    struct count total = {0, 0, 0};
    int failed = 0;

    if (argc < 2)
        return count(stdin, "", &total);
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "r");

        if (!file) {
            perror(argv[i]);
            failed = 1;
            continue;
        }
        failed |= count(file, argv[i], &total);
        fclose(file);
    }
    if (argc > 2)
        printf("%7lu %7lu %7lu total\n", total.lines, total.words, total.bytes);
    return failed;
}
