/**
 * The public API of the Sealer Java SDK and the service interfaces behind it.
 *
 * <p>Start with {@link cloud.sealer.sdk.Sealer} and {@link cloud.sealer.sdk.Kubefile}. The module
 * has no dependency; the implementation is found with {@link java.util.ServiceLoader}.
 */
@org.jspecify.annotations.NullMarked
module cloud.sealer.sdk {
  requires static transitive org.jspecify;

  exports cloud.sealer.sdk;
  exports cloud.sealer.sdk.spi;

  uses cloud.sealer.sdk.spi.ClusterfileFormat;
  uses cloud.sealer.sdk.spi.KubefileParser;
  uses cloud.sealer.sdk.spi.SealerProvider;
}
