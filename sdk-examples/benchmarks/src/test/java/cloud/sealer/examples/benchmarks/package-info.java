@org.jspecify.annotations.NullMarked
package cloud.sealer.examples.benchmarks;
