/**
 * Benchmarks: the packed program against other tools in one run, the library inside a warm JVM, and
 * its hot loops under JMH. {@link cloud.sealer.examples.benchmarks.Benchmarks} is the program.
 *
 * <p>Seconds differ from machine to machine and from minute to minute; ratios within a run are what
 * counts. So contenders take turns, the median of their runs is shown, and each table says what the
 * least is that any tool has to do for the same work. A tool that is not installed is shown as
 * absent.
 */
@NullMarked
package cloud.sealer.examples.benchmarks;

import org.jspecify.annotations.NullMarked;
