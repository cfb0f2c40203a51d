/*
 * Counts the ways to place N queens on a board of N by N, for N from 1 to the number given (10 if none is), by deep
 * recursion; and, with floating-point numbers, how far the count is from a known estimate, 0.143 * N to the power of N.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned long long place(unsigned all, unsigned columns, unsigned left, unsigned right)
{
    unsigned long long ways = 0;
    unsigned free = all & ~(columns | left | right);

    if (columns == all)
        return 1;
    while (free) {
        unsigned queen = free & -free;

        free ^= queen;
        ways += place(all, columns | queen, (left | queen) << 1, (right | queen) >> 1);
    }
    return ways;
}

int main(int argc, char **argv)
{
    int last = argc > 1 ? atoi(argv[1]) : 10;
    double sum = 0;

    if (last < 1 || last > 16) {
        fprintf(stderr, "usage: queens [N]   N from 1 to 16\n");
        return 2;
    }
    for (int n = 1; n <= last; n++) {
        unsigned long long ways = place((1u << n) - 1, 0, 0, 0);
        double ratio = ways ? log((double)ways) / log(pow(0.143 * n, n)) : 0;

        sum += ratio;
        printf("%2d queens: %10llu ways, %.17g\n", n, ways, ratio);
        fflush(stdout);
    }
    printf("sum %.17g\n", sum);
    return 0;
}
