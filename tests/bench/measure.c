/* bench_measure TIMES COMMAND...: runs it so many times with its output thrown
 * away, and prints the least wall time, the least user time (both in
 * milliseconds) and the most memory (KiB) of any run. */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec moment;
  clock_gettime(CLOCK_MONOTONIC, &moment);
  return (double)moment.tv_sec * 1e3 + (double)moment.tv_nsec / 1e6;
}

static void become(char **command) {
  int nothing = open("/dev/null", O_RDWR);
  dup2(nothing, 1);
  dup2(nothing, 2);
  execvp(command[0], command);
  _exit(127);
}

int main(int argc, char **argv) {
  int times = argc > 2 ? (int)strtol(argv[1], NULL, 10) : 0;
  if (times < 1) {
    fprintf(stderr, "usage: bench_measure TIMES COMMAND...\n");
    return 2;
  }
  double wall = 1e300, user = 1e300;
  long memory = 0;
  for (int i = 0; i < times; i++) {
    double start = now();
    pid_t child = fork();
    if (child == 0) become(argv + 2);
    int state = 0;
    struct rusage usage;
    if (child < 0 || wait4(child, &state, 0, &usage) != child) return 1;
    if (!WIFEXITED(state) || WEXITSTATUS(state) >= 126) {
      fprintf(stderr, "bench_measure: %s did not run to its end\n", argv[2]);
      return 1;
    }
    double took = now() - start;
    double used = (double)usage.ru_utime.tv_sec * 1e3 + (double)usage.ru_utime.tv_usec / 1e3;
    if (took < wall) wall = took;
    if (used < user) user = used;
    if (usage.ru_maxrss > memory) memory = usage.ru_maxrss;
  }
  printf("%.1f %.1f %ld\n", wall, user, memory);
  return 0;
}
