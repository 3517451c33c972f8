/**
 * What tests of programs that use the SDK need: a registry, images, a Sealer on a temporary store,
 * a host, and listeners that remember.
 *
 * <p>Start with {@link cloud.sealer.testkit.SealerTest}, which gives a test class all of them as
 * parameters, or with {@link cloud.sealer.testkit.EmbeddedRegistry} alone. {@link
 * cloud.sealer.testkit.ContainerImages} makes small real images, {@link
 * cloud.sealer.testkit.Faults} lets the registry misbehave, {@link
 * cloud.sealer.testkit.EmbeddedSshHost} is a host over SSH whose {@link
 * cloud.sealer.testkit.TcpLink} does so, and {@code cloud.sealer.testkit.tck} checks
 * implementations of the service interfaces.
 *
 * <p>What a newcomer would question: the registry reads no JSON, it takes the digests it must know
 * out of manifests by pattern, so that this artifact brings no dependency but JUnit, AssertJ and,
 * for SSH, Apache MINA. Layers are gzip with stored blocks, because what a compressor makes differs
 * between versions of zlib and digests must not. The HTTP server is its own, because that of the
 * JDK delays small answers and cannot break a connection at a given byte.
 */
@NullMarked
package cloud.sealer.testkit;

import org.jspecify.annotations.NullMarked;
